#include <fmt/format.h>

#include <cstdio>

#include "agent/cli/commands.h"
#include "agent/cli/exit_status.h"
#include "agent/cli/language.h"
#include "agent/cli/probe_check.h"
#include "agent/cli/run_checks.h"

namespace sre {

int probe_command(const ProbeOptions& options) {
  const auto check = probe_check(options);
  if (!check) {
    fmt::print(stderr, "{}\n", check.error().message);
    return kUsageError;
  }
  const auto language = choose_language(*Knowledge::built_in(), options.language);
  if (!language) {
    fmt::print(stderr, "{}\n", language.error().message);
    return kUsageError;
  }
  RunRequest request;
  request.checks = {*check};
  request.knowledge = Knowledge::built_in();
  request.format = options.format;
  request.language = *language;
  return run_and_print(request);
}

}  // namespace sre
