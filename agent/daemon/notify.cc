#include "agent/daemon/notify.h"

#include <systemd/sd-daemon.h>

#include <cinttypes>

namespace sre {

void notify_ready() { sd_notify(0, "READY=1"); }

void notify_reloading(Instant now) {
  using std::chrono::microseconds;
  const auto since_boot = std::chrono::duration_cast<microseconds>(now.time_since_epoch());
  sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRIi64,
             static_cast<std::int64_t>(since_boot.count()));
}

void notify_stopping() { sd_notify(0, "STOPPING=1"); }

void notify_alive() { sd_notify(0, "WATCHDOG=1"); }

std::optional<Duration> watchdog_limit() {
  std::uint64_t limit = 0;
  // An error is a variable that nobody but a person has set: no reason not to start.
  if (sd_watchdog_enabled(0, &limit) <= 0) return std::nullopt;
  return std::chrono::microseconds{limit};
}

}  // namespace sre
