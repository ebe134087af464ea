#pragma once

#include "agent/cli/options.h"

namespace sre {

// One function a command; each returns the program's exit status: 0 all well, 1 a check failed, 2 a
// usage or configuration error, which is then on standard error.

// Run until a signal ends them.
int serve_command(const ServeOptions& options);
int demo_command(const DemoOptions& options);

int check_command(const CheckOptions& options);
int probe_command(const ProbeOptions& options);
int explain_command(const ExplainOptions& options);
int compare_command(const CompareOptions& options);
int codes_command(const CodesOptions& options);
int reasons_command(const ReasonsOptions& options);
int classify_command(const ClassifyOptions& options);

// Is the daemon alive? For what starts and restarts containers.
int healthcheck_command(const HealthcheckOptions& options);

}  // namespace sre
