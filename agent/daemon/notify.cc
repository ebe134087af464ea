#include "agent/daemon/notify.h"

#include <systemd/sd-daemon.h>

namespace sre {

void notify_service_manager(const std::string& state) { sd_notify(0, state.c_str()); }

}  // namespace sre
