#pragma once

#include "agent/base/result.h"
#include "agent/daemon/agent.h"

namespace sre {

// Runs the agent until a signal ends it: SIGTERM and SIGINT stop, SIGHUP reloads. The Error is why
// it could not start.
Result<void> run_daemon(AgentOptions options);

}  // namespace sre
