#include <fmt/format.h>

#include <cstdio>

#include "agent/cli/commands.h"
#include "agent/cli/exit_status.h"
#include "agent/cli/health_request.h"

namespace sre {

int healthcheck_command(const HealthcheckOptions& options) {
  const auto healthy = request_health(options.url);
  if (healthy) {
    fmt::print("healthy\n");
    return kPassed;
  }
  fmt::print(stderr, "{}\n", healthy.error().message);
  return kCheckFailed;
}

}  // namespace sre
