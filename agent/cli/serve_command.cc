#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "agent/access/door.h"
#include "agent/base/log.h"
#include "agent/base/problems.h"
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

std::string counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

// Why whoever runs this could not write the state file; 0 where nothing is in the way.
int hindrance(const std::string& file) {
  // With the slash that a file in the folder's place would not take.
  const auto folder = std::filesystem::path(file).parent_path() / "";
  if (::access(folder.c_str(), W_OK | X_OK) != 0) return errno;
  if (::access(file.c_str(), R_OK | W_OK) != 0 && errno != ENOENT) return errno;
  return 0;
}

// No mistake in the file: the daemon may run as another user than whoever checks, and systemd makes
// its folder when it starts.
void warn_of_state_file(const std::string& config_file, const std::string& state_file) {
  const int why = state_file.empty() ? 0 : hindrance(state_file);
  if (why == 0) return;
  fmt::print(stderr,
             "{}: warning: state_file: whoever runs this cannot write {}: {}; unless the daemon "
             "can, a restart forgets what passed before\n",
             config_file, in_quotes(state_file), std::generic_category().message(why));
}

// Both files, whatever is wrong with the first.
int check_config(const ServeOptions& options) {
  const auto loading = load_all(options.config_file);
  const auto access = read_access(options.web.config_file);
  int status = 0;
  if (!loading) status = complain(loading.error());
  if (!access) status = complain(access.error());
  if (loading) {
    const Config& config = *loading->config;
    warn_of_state_file(options.config_file, config.agent.state_file);
    fmt::print("{}: {}, {}, no errors\n", options.config_file,
               counted(config.targets.size(), "target"), counted(config.checks.size(), "check"));
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
