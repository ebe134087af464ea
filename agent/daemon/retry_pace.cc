#include "agent/daemon/retry_pace.h"

namespace sre {

std::optional<Duration> RetryPace::wait(std::string_view id, Instant now) {
  std::erase_if(paid_until_, [&](const auto& one) { return one.second <= now; });
  const auto found = paid_until_.find(id);
  const Instant paid_until = found == paid_until_.end() ? now : found->second;
  const Duration ahead = paid_until - now - (kAtOnce - 1) * kEvery;
  if (ahead > Duration::zero()) return ahead;
  paid_until_.insert_or_assign(std::string(id), paid_until + kEvery);
  return std::nullopt;
}

}  // namespace sre
