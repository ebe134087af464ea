#include "agent/access/door.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "agent/base/log.h"
#include "agent/base/problems.h"
#include "agent/base/text.h"

namespace sre {
namespace {

constexpr auto kTellEvery = std::chrono::seconds{1};
constexpr std::size_t kLongestUser = 64;  // in the log

ClientAuth client_auth(const Access& access) {
  return access.config.tls ? access.config.tls->client_auth : ClientAuth::none;
}

bool has_names(const Access& access) {
  return access.config.tls && !access.config.tls->client_allowed_sans.empty();
}

// Which guard the second has no more; empty where it has all.
std::string_view given_up(const Access& before, const Access& after) {
  if (before.tls && !after.tls) return "TLS";
  if (client_auth(before) > client_auth(after)) return "client certificates";
  if (has_names(before) && !has_names(after)) return "the names of clients";
  if (!before.config.users.empty() && after.config.users.empty()) return "the login";
  return "";
}

}  // namespace

Result<AccessPtr> read_access(const std::string& file, const Access& before) {
  auto access = std::make_shared<Access>();
  if (file.empty()) return access;
  Problems problems(file);
  access->config = read_web_config(file, problems);
  if (problems.none() && access->config.tls) {
    const bool same = before.tls && before.config.tls == access->config.tls;
    access->tls = same ? before.tls : make_tls_server(*access->config.tls, problems);
  }
  if (!problems.none()) return failure(to_string(problems.sorted()));
  return access;
}

Result<std::unique_ptr<Door>> Door::open(std::string file, const Clock& clock) {
  auto access = read_access(file);
  if (!access) return tl::unexpected(std::move(access.error()));
  return std::unique_ptr<Door>(new Door(std::move(file), clock, std::move(*access)));
}

Door::Door(std::string file, const Clock& clock, AccessPtr access)
    : file_(std::move(file)), clock_(clock), state_({std::move(access)}) {}

AccessPtr Door::access() const {
  return state_.with([](const State& state) { return state.access; });
}

void Door::tell_refusal(const std::string& user, const std::string& client) {
  const auto now = clock_.now();
  const auto before = state_.with([&](State& state) -> std::optional<std::size_t> {
    if (state.told && now - *state.told < kTellEvery) {
      ++state.untold;
      return std::nullopt;
    }
    state.told = now;
    return std::exchange(state.untold, 0);
  });
  if (!before) return;
  log::warn(
      "a login was refused",
      {{"user", printable(user, kLongestUser)}, {"remote", client}, {"more_before", *before}});
}

Result<AccessPtr> Door::read() {
  const auto before = access();
  auto next = read_access(file_, *before);
  if (next) {
    const auto lost = given_up(*before, **next);
    if (!lost.empty()) {
      next = failure(
          fmt::format("{}: {} would be gone; restart the program if that is meant", file_, lost));
    }
  }
  complaint_ = next ? "" : next.error().message;
  return next;
}

void Door::take(AccessPtr next) noexcept {
  // What was there before dies outside of the lock.
  state_.with([&](State& state) { state.access.swap(next); });
}

void Door::look() {
  const auto before = access();
  std::vector<FileStamp> stamps;
  for (const auto& file : before->config.files) stamps.push_back(stamp_of(file.path));
  // After a reading that failed there may be files that it did not come to.
  if (stamps == before->config.files && complaint_.empty()) return;
  // Who writes a file may be in the middle of it: it is read when it has stayed as it is.
  if (stamps != std::exchange(seen_, stamps)) return;
  const auto complaint = complaint_;
  auto next = read();
  if (next) {
    take(std::move(*next));
    log::info("the web configuration has changed", {{"file", file_}});
  } else if (next.error().message != complaint) {
    log::error("the web configuration has changed and is not followed",
               {{"file", file_}, {"error", next.error().message}});
  }
}

}  // namespace sre
