#include "agent/access/door.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "agent/base/log.h"
#include "agent/base/problems.h"
#include "agent/base/text.h"

namespace sre {
namespace {

constexpr auto kLookEvery = std::chrono::seconds{1};
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
    : file_(std::move(file)), clock_(clock), access_(std::move(access)), looked_(clock.now()) {}

std::vector<FileStamp> Door::stamps_now() const {
  std::vector<FileStamp> stamps;
  for (const auto& file : access_->config.files) stamps.push_back(stamp_of(file.path));
  return stamps;
}

AccessPtr Door::access() {
  const std::lock_guard lock(mutex_);
  const auto now = clock_.now();
  if (now - looked_ < kLookEvery) return access_;
  looked_ = now;
  auto stamps = stamps_now();
  // After a reading that failed there may be files that it did not come to.
  if (stamps == access_->config.files && complaint_.empty()) return access_;
  // Who writes a file may be in the middle of it: it is read when it has stayed as it is.
  if (stamps != std::exchange(seen_, stamps)) return access_;
  const auto complaint = complaint_;
  const auto followed = follow();
  if (followed) {
    log::info("the web configuration has changed", {{"file", file_}});
  } else if (followed.error().message != complaint) {
    log::error("the web configuration has changed and is not followed",
               {{"file", file_}, {"error", followed.error().message}});
  }
  return access_;
}

void Door::tell_refusal(const std::string& user, const std::string& client) {
  const std::lock_guard lock(mutex_);
  const auto now = clock_.now();
  if (told_ && now - *told_ < kTellEvery) {
    ++untold_;
    return;
  }
  told_ = now;
  log::warn("a login was refused", {{"user", printable(user, kLongestUser)},
                                    {"remote", client},
                                    {"more_before", std::exchange(untold_, 0)}});
}

Result<void> Door::reload() {
  const std::lock_guard lock(mutex_);
  return follow();
}

Result<void> Door::follow() {
  auto next = read_access(file_, *access_);
  if (next) {
    const auto lost = given_up(*access_, **next);
    if (!lost.empty()) {
      next = failure(
          fmt::format("{}: {} would be gone; restart the program if that is meant", file_, lost));
    }
  }
  complaint_ = next ? "" : next.error().message;
  if (!next) return tl::unexpected(std::move(next.error()));
  access_ = std::move(*next);
  return {};
}

}  // namespace sre
