#pragma once

#include <optional>

#include "agent/base/clock.h"

namespace sre {

// Tell systemd how the service fares (sd_notify(3)). They do nothing where nobody listens.

void notify_ready();
// `now` goes along, as Type=notify-reload asks: systemd then knows this reload from an earlier one.
// notify_ready() says when it is over, whatever came of it.
void notify_reloading(Instant now);
void notify_stopping();
// That all is well: to be said at least once within watchdog_limit().
void notify_alive();

// After which silence systemd takes this process for dead (WatchdogSec= of its unit); nothing where
// it does not watch.
std::optional<Duration> watchdog_limit();

}  // namespace sre
