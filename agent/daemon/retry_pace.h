#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "agent/base/clock.h"

namespace sre {

// How often runs on request may try a login again that was refused: three at once, for whoever is
// mending it, then one a minute. Servers lock an account after a few more. Not thread-safe.
class RetryPace {
 public:
  static constexpr int kAtOnce = 3;
  static constexpr Duration kEvery = std::chrono::minutes{1};

  // Nothing where the check with this id may be tried now, which counts; else how long not.
  std::optional<Duration> wait(std::string_view id, Instant now);

 private:
  // When all that was asked for would have been tried at one a minute. Those that lie in the past
  // are forgotten.
  std::map<std::string, Instant, std::less<>> paid_until_;
};

}  // namespace sre
