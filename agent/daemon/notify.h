#pragma once

#include "agent/base/clock.h"

namespace sre {

// Tell systemd how the service fares (sd_notify(3)). They do nothing where nobody listens.

void notify_ready();
// `now` goes along, as Type=notify-reload asks: systemd then knows this reload from an earlier one.
// notify_ready() says when it is over, whatever came of it.
void notify_reloading(Instant now);
void notify_stopping();

}  // namespace sre
