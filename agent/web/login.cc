#include "agent/web/login.h"

#include <utility>
#include <vector>

#include "agent/access/basic_credentials.h"
#include "agent/base/text.h"
#include "agent/web/guard.h"

namespace sre {
namespace {

Response refusal(int status, std::string text) {
  auto response = plain_text(status, std::move(text));
  add_security_headers(response);
  return response;
}

Response ask_for_login() {
  auto response = refusal(401, "A user name and a password are needed here.\n");
  response.headers.push_back(
      {"WWW-Authenticate", "Basic realm=\"smtp_reply_exporter\", charset=\"UTF-8\""});
  return response;
}

Response too_busy() {
  auto response = refusal(503, "Too many logins wait already; try again.\n");
  response.headers.push_back({"Retry-After", "1"});
  return response;
}

// In place of ours where both say something; an empty value takes ours away.
Response with_headers(Response response, const WebConfig& config) {
  for (const auto& [name, value] : config.headers) {
    std::erase_if(response.headers, [&, key = name](const Header& header) {
      return equal_ignoring_case(header.name, key);
    });
    if (!value.empty()) response.headers.push_back({name, value});
  }
  return response;
}

bool needs_login(const WebConfig& config, const Request& request) {
  return !config.users.empty() && !config.excluded_paths.contains(request.path);
}

// A user who does not exist takes as long as the first of those who do: where all hashes have the
// same cost, nobody can tell them apart.
struct Expected {
  std::string hash;
  bool known = false;
};

Expected expected_of(const WebConfig& config, const std::string& user) {
  const auto found = config.users.find(user);
  const bool known = found != config.users.end();
  return {known ? found->second : config.users.begin()->second, known};
}

// Has the password looked at, and goes on inside if it is right.
Response after_comparison(Door& door, const Handler& inside, const Request& request,
                          const BasicCredentials& given, const Expected& expected) {
  Response response;
  response.later = [&door, inside, request, given, expected](const HandOver& hand_over) {
    using Answer = PasswordChecker::Answer;
    const auto done = [&door, inside, request, user = given.user, known = expected.known,
                       hand_over](Answer answer) {
      if (answer == Answer::busy) return hand_over(too_busy);
      if (answer == Answer::right && known) return hand_over([=] { return inside(request); });
      door.tell_refusal(user, request.remote);
      hand_over(ask_for_login);
    };
    door.passwords().ask(given.password, expected.hash, request.remote, done);
  };
  return response;
}

Response answer(Door& door, const WebConfig& config, const Handler& inside,
                const Request& request) {
  if (!needs_login(config, request)) return inside(request);
  const auto given = parse_basic_credentials(request.header("Authorization"));
  if (!given) return ask_for_login();
  const auto expected = expected_of(config, given->user);
  if (expected.known && door.passwords().remembers(given->password, expected.hash)) {
    return inside(request);
  }
  return after_comparison(door, inside, request, *given, expected);
}

}  // namespace

Handler behind(std::shared_ptr<Door> door, Handler inside) {
  return [door = std::move(door), inside = std::move(inside)](const Request& request) {
    const auto access = door->access();
    return changed(answer(*door, access->config, inside, request), [access](Response response) {
      return with_headers(std::move(response), access->config);
    });
  };
}

}  // namespace sre
