#include <fmt/format.h>

#include <cstdio>

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

int check_config(const std::string& file) {
  const auto loading = load_all(file);
  if (!loading) return complain(loading.error());
  fmt::print("{}: {} targets, {} checks, no errors\n", file, loading->config->targets.size(),
             loading->config->checks.size());
  return 0;
}

}  // namespace

int serve_command(const ServeOptions& options) {
  if (options.check_config_only) return check_config(options.config_file);
  return run({.config_file = options.config_file,
              .listen_addresses = options.listen_addresses,
              .telemetry_path = options.telemetry_path,
              .version = program_version()});
}

int demo_command(const DemoOptions& options) {
  const auto folder = TemporaryFolder::make("smtp_reply_exporter_demo");
  if (!folder) return complain(folder.error());
  const auto demo = Demo::start(folder->path());
  if (!demo) return complain(demo.error());
  return run({.config_file = (*demo)->config_path(),
              .listen_addresses = options.listen_addresses,
              .telemetry_path = ServeOptions{}.telemetry_path,
              .version = program_version()});
}

}  // namespace sre
