#include "agent/session/dialogue.h"

#include <fmt/format.h>

#include <utility>

#include "agent/session/gates.h"
#include "agent/session/mechanism.h"
#include "agent/session/message.h"
#include "agent/session/random_text.h"

namespace sre {
namespace {

namespace asio = boost::asio;

// RFC 5321 section 4.5.3.1.4: a command line with its line end; a longer first response waits for a
// 334.
constexpr std::size_t kMaxCommandBytes = 512;
// The longest exchange in use takes three; a server that never stops asking is cut off here.
constexpr int kMaxChallenges = 8;

// A user that exists nowhere. Its domain is that of the configured user, so that the server looks
// it up in the same place.
Credentials invented_credentials(const Target& target) {
  Credentials invented;
  invented.username = "no-such-user-" + random_hex(4);
  invented.secret = Secret(random_hex(16));
  if (target.credentials) {
    const auto at = target.credentials->username.find('@');
    if (at != std::string::npos) invented.username += target.credentials->username.substr(at);
    const auto& mechanism = target.credentials->mechanism;
    if (mechanism != "EXTERNAL") invented.mechanism = mechanism;
  }
  return invented;
}

}  // namespace

Dialogue::Dialogue(const Check& check, const Endpoint& endpoint, const Sasl& sasl,
                   Connection& connection, Recorder& recorder, Deadline& deadline)
    : check_(check),
      endpoint_(endpoint),
      sasl_(sasl),
      connection_(connection),
      recorder_(recorder),
      deadline_(deadline) {}

asio::awaitable<void> Dialogue::run() {
  const bool admitted = co_await log_in();
  if (!admitted || !goes_on_to(Phase::mail)) co_return;
  const bool mail = co_await ask(Phase::mail, fmt::format("MAIL FROM:<{}>", check_.from));
  in_transaction_ = mail;
  if (!mail || !goes_on_to(Phase::rcpt)) co_return;
  const bool rcpt = co_await ask(Phase::rcpt, fmt::format("RCPT TO:<{}>", check_.to));
  if (!rcpt || !goes_on_to(Phase::data)) co_return;
  // RFC 5321 section 4.1.1.4: only 354 invites. After any other reply the server takes what follows
  // for commands.
  const bool invited = co_await ask(Phase::data, "DATA");
  in_data_ = invited && recorder_.last_reply()->code == 354;
  if (!in_data_ || !reaches(Phase::message)) co_return;
  co_await send_message();
}

// True when the check may go on to MAIL: logged in, or not asked to.
asio::awaitable<bool> Dialogue::log_in() {
  const Target& target = *check_.target;
  const Login login = traits(check_.kind).login;
  const bool wanted = login == Login::required || login == Login::invented ||
                      (login == Login::if_configured && target.credentials != nullptr);
  if (!wanted || !goes_on_to(Phase::auth)) co_return true;

  const bool real = login != Login::invented;
  const Credentials credentials = real ? *target.credentials : invented_credentials(target);
  const auto& so_far = recorder_.transcript();
  const Ehlo* ehlo = so_far.current_ehlo();
  const auto mechanism =
      choose_mechanism(credentials, ehlo != nullptr ? *ehlo : Ehlo{}, so_far.tls.has_value());
  const auto shut = real ? shut_gate(target, credentials, endpoint_.host, mechanism, so_far)
                         : mechanism_gate(credentials, mechanism, so_far);
  if (shut) {
    recorder_.fault(shut->phase, shut->reason, shut->detail);
    co_return false;
  }
  recorder_.redactor().add(credentials.secret);
  co_return co_await exchange(credentials, mechanism);
}

asio::awaitable<bool> Dialogue::exchange(const Credentials& credentials,
                                         const std::string& mechanism) {
  auto sasl = sasl_.begin(mechanism, credentials, {endpoint_.host, check_.target->port});
  if (!sasl) {
    recorder_.fault(Phase::auth, Reason::internal_error, sasl.error().message);
    co_return false;
  }
  std::string line = "AUTH " + mechanism;
  std::string shown = line;
  auto initial = (*sasl)->initial();
  // RFC 4954 section 4: "=" stands for an empty first response.
  const auto initial_text = initial && initial->empty() ? std::string("=") : initial.value_or("");
  if (initial && line.size() + 1 + initial_text.size() + 2 <= kMaxCommandBytes) {
    line += " " + initial_text;
    shown += fmt::format(" {}", kSecretShown);
    recorder_.redactor().add_sasl_message(*std::exchange(initial, std::nullopt));
  }
  const Reply* reply = co_await connection_.command(Phase::auth, line, shown);
  for (int challenges = 0; reply != nullptr && reply->code == 334; ++challenges) {
    auto response =
        initial ? std::exchange(initial, std::nullopt) : (*sasl)->respond(reply->lines.front());
    if (!response || challenges >= kMaxChallenges) {
      // RFC 4954 section 4: cancels the exchange.
      reply = co_await connection_.command(Phase::auth, "*", "*");
      if (reply != nullptr) {
        recorder_.fault(Phase::auth, Reason::auth_exchange_error,
                        "the server's challenge made no sense for the mechanism");
      }
      co_return false;
    }
    recorder_.redactor().add_sasl_message(*response);
    reply = co_await connection_.command(Phase::auth, *response, std::string(kSecretShown));
  }
  co_return reply != nullptr && reply->positive();
}

asio::awaitable<bool> Dialogue::ask(Phase phase, std::string line) {
  const std::string shown = line;
  const Reply* reply = co_await connection_.command(phase, std::move(line), shown);
  co_return reply != nullptr && reply->positive();
}

asio::awaitable<bool> Dialogue::send_message() {
  const auto message =
      delivery_message(check_, recorder_.transcript().started, random_hex(12)) + ".";
  const Reply* reply = co_await connection_.command(Phase::message, message, "<message>");
  in_data_ = false;
  in_transaction_ = false;
  co_return reply != nullptr && reply->positive();
}

asio::awaitable<void> Dialogue::leave() {
  if (in_transaction_) co_await ask(Phase::quit, "RSET");
  has_quit_ = connection_.alive();
  if (has_quit_) co_await ask(Phase::quit, "QUIT");
}

// Not after DATA: a server that answers 354 takes whatever follows for the message.
void Dialogue::part() {
  const Phase phase = recorder_.phase();
  if (phase == Phase::data || has_quit_) return;
  // If the server means to ask for more, "QUIT" would be an answer, and a wrong one at that, which
  // counts as a failed login; "*" ends the exchange first (RFC 4954 section 4).
  if (phase == Phase::auth) connection_.say_at_parting(Phase::auth, "*");
  connection_.say_at_parting(Phase::quit, "QUIT");
}

}  // namespace sre
