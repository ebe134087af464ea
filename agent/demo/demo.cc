#include "agent/demo/demo.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <tuple>
#include <utility>

#include "agent/demo/script_parser.h"
#include "embedded_demo_files.h"

namespace sre {
namespace {

constexpr std::string_view kFolder = "scripts/";
constexpr std::string_view kScriptSuffix = ".smtp";
constexpr std::string_view kConfigName = "demo.toml";
// What every script of the demo lets in; no secret to anybody.
constexpr std::string_view kPassword = "pear-tree\n";

Result<void> write_file(const std::string& path, std::string_view text, mode_t mode) {
  const auto fail = [&] {
    return failure(
        fmt::format("the demo cannot write {}: {}", path, std::system_category().message(errno)));
  };
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
  if (fd < 0) return fail();
  const auto written = ::write(fd, text.data(), text.size());
  // A file that was there before keeps its mode otherwise.
  const bool good = written == static_cast<ssize_t>(text.size()) && ::fchmod(fd, mode) == 0;
  if (::close(fd) != 0 || !good) return fail();
  return {};
}

}  // namespace

std::string demo_config_toml(const std::vector<std::pair<std::string, std::uint16_t>>& ports) {
  std::string config;
  for (const auto& file : embedded::demo_files()) {
    if (file.name.substr(kFolder.size()) == kConfigName) config = file.text;
  }
  for (const auto& [name, port] : ports) {
    const auto placeholder = fmt::format("{{{}}}", name);
    const auto at = config.find(placeholder);
    if (at != std::string::npos) config.replace(at, placeholder.size(), std::to_string(port));
  }
  return config;
}

Result<void> Demo::start_servers(const std::shared_ptr<const Certificates>& certificates,
                                 const Clock& clock) {
  for (const auto& file : embedded::demo_files()) {
    if (!file.name.ends_with(kScriptSuffix)) continue;
    auto name = file.name.substr(kFolder.size());
    name.remove_suffix(kScriptSuffix.size());
    auto script = parse_script(file.text);
    if (!script) return failure(fmt::format("{}:{}", file.name, script.error().message));
    auto server = ScriptedServer::start(loop_, std::move(*script), certificates,
                                        {.port = 0, .record = false, .clock = &clock});
    if (!server) return tl::unexpected(std::move(server.error()));
    servers_.push_back({std::string(name), std::move(*server)});
  }
  return {};
}

Result<std::unique_ptr<Demo>> Demo::start(const std::string& folder, const Clock& clock) {
  const auto certificates = Certificates::make(clock.wall());
  if (!certificates) return tl::unexpected(certificates.error());
  std::unique_ptr<Demo> demo(new Demo);
  if (auto started = demo->start_servers(*certificates, clock); !started) {
    return tl::unexpected(std::move(started.error()));
  }
  std::vector<std::pair<std::string, std::uint16_t>> ports;
  for (const auto& [name, server] : demo->servers_) ports.emplace_back(name, server->port());
  demo->config_path_ = fmt::format("{}/{}", folder, kConfigName);
  const std::tuple<std::string, std::string, mode_t> files[] = {
      {demo->config_path_, demo_config_toml(ports), 0644},
      {folder + "/demo-ca.pem", (*certificates)->ca_pem(), 0644},
      {folder + "/demo-password", std::string(kPassword), 0600},
  };
  for (const auto& [path, text, mode] : files) {
    if (auto written = write_file(path, text, mode); !written) {
      return tl::unexpected(std::move(written.error()));
    }
  }
  return demo;
}

}  // namespace sre
