#pragma once

#include <chrono>

namespace sre {

// Monotonic time, for intervals, timeouts and durations: it never jumps.
using Instant = std::chrono::steady_clock::time_point;
// Any span of time; nanoseconds inside.
using Duration = std::chrono::steady_clock::duration;
// Calendar time (UTC), only ever shown, stored or exported. Microseconds: a certificate may be
// valid until the year 9999, which nanoseconds in 64 bits cannot say.
using WallTime = std::chrono::sys_time<std::chrono::microseconds>;

// The only place where the program reads the time. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const noexcept = 0;
  virtual WallTime wall() const noexcept = 0;
};

// The machine's own clocks.
const Clock& system_clock() noexcept;

// Seconds as Prometheus wants them.
inline double to_seconds(Duration d) { return std::chrono::duration<double>(d).count(); }
inline Duration from_seconds(double seconds) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
}
// Seconds since the Unix epoch.
inline double to_unix_seconds(WallTime t) {
  return std::chrono::duration<double>(t.time_since_epoch()).count();
}

}  // namespace sre
