#pragma once

#include <cstdint>
#include <map>

#include "agent/base/clock.h"

namespace sre {

// Deals out starting points within an interval so that any number of them lies evenly, and stays
// so when more are added: the n-th point is the fractional part of n golden ratios. Every interval
// has a sequence of its own, so a mixture cannot fall into step. Probe thread only.
class Spread {
 public:
  // The next point of the interval's sequence, in [0, 1).
  double next(Duration interval);

 private:
  std::map<Duration, std::uint64_t> dealt_;
};

// No check runs more often, whatever is configured.
inline constexpr Duration kShortestInterval = std::chrono::milliseconds{100};
// How far refused logins slow a check down.
inline constexpr Duration kLongestBackOff = std::chrono::minutes{15};

// The interval of a check whose last `refusals` logins were refused: it doubles with each one up
// to kLongestBackOff. An interval that is longer already stays as it is.
Duration slowed_down(Duration interval, unsigned refusals);

// The first of the instants `anchor`, `anchor` + `interval`, ... that is later than `now`.
Instant first_after(Instant anchor, Duration interval, Instant now);

}  // namespace sre
