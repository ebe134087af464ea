#include "agent/schedule/pace.h"

#include <algorithm>
#include <cmath>

namespace sre {

double Spread::next(Duration interval) {
  // 2^64 divided by the golden ratio: multiplication modulo 2^64 keeps exactly the fraction,
  // however many points were dealt before.
  constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15;
  const std::uint64_t fraction = dealt_[interval]++ * kGolden;
  return std::ldexp(static_cast<double>(fraction >> 11), -53);
}

Duration slowed_down(Duration interval, unsigned refusals) {
  if (interval >= kLongestBackOff) return interval;
  Duration slowed = interval;
  for (; refusals > 0 && slowed < kLongestBackOff; --refusals) slowed *= 2;
  return std::min(slowed, kLongestBackOff);
}

Instant first_after(Instant anchor, Duration interval, Instant now) {
  if (anchor > now) return anchor;
  return anchor + ((now - anchor) / interval + 1) * interval;
}

}  // namespace sre
