#pragma once

#include <string>

namespace sre {

// Tells systemd how the service fares (sd_notify(3)): "READY=1", "RELOADING=1", "STOPPING=1". Does
// nothing where nobody listens.
void notify_service_manager(const std::string& state);

}  // namespace sre
