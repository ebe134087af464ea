#include <fmt/format.h>

#include <cstdio>

#include "agent/access/door.h"
#include "agent/base/log.h"
#include "agent/cli/commands.h"
#include "agent/cli/exit_status.h"
#include "agent/cli/temporary_folder.h"
#include "agent/cli/version.h"
#include "agent/daemon/daemon.h"
#include "agent/demo/demo.h"
#include "agent/loading/loading.h"

namespace sre {
namespace {

int complain(const Error& error) {
  fmt::print(stderr, "{}\n", error.message);
  return kUsageError;
}

int run(const AgentOptions& options) {
  const auto ended = run_daemon(options);
  return ended ? 0 : complain(ended.error());
}

// Both files, whatever is wrong with the first.
int check_config(const ServeOptions& options) {
  const auto loading = load_all(options.config_file);
  const auto access = read_access(options.web.config_file);
  int status = 0;
  if (!loading) status = complain(loading.error());
  if (!access) status = complain(access.error());
  if (loading) {
    fmt::print("{}: {} targets, {} checks, no errors\n", options.config_file,
               loading->config->targets.size(), loading->config->checks.size());
  }
  if (access && !options.web.config_file.empty()) {
    fmt::print("{}: no errors\n", options.web.config_file);
  }
  return status;
}

}  // namespace

int serve_command(const ServeOptions& options) {
  if (options.check_config_only) return check_config(options);
  return run(
      {.config_file = options.config_file, .web = options.web, .version = program_version()});
}

int demo_command(const DemoOptions& options) {
  const auto folder = TemporaryFolder::make("smtp_reply_exporter_demo");
  if (!folder) return complain(folder.error());
  const auto demo = Demo::start(folder->path());
  if (!demo) return complain(demo.error());
  // The ports, which are others at each start, stand in its demo.toml.
  log::info("demo servers are there", {{"folder", folder->path()}});
  return run(
      {.config_file = (*demo)->config_path(), .web = options.web, .version = program_version()});
}

}  // namespace sre
