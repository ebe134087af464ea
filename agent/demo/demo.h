#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "agent/base/clock.h"
#include "agent/base/result.h"
#include "agent/demo/certificates.h"
#include "agent/demo/scripted_server.h"
#include "agent/demo/server_loop.h"

namespace sre {

// A small world of mail servers on the loopback interface, good and bad ones, with a configuration
// that asks them all: what `smtp_reply_exporter demo` shows. Thread-safe.
class Demo {
 public:
  // Starts the servers, and writes into `folder`, which must exist, a configuration with all it
  // names: demo.toml, demo-ca.pem, demo-password (mode 0600). What a file of that name held is
  // lost. `clock` tells the scripts their time and must outlive the demo. Fails when a port or a
  // file cannot be had.
  static Result<std::unique_ptr<Demo>> start(const std::string& folder,
                                             const Clock& clock = system_clock());

  const std::string& config_path() const { return config_path_; }

 private:
  struct Running {
    std::string name;  // of the script, and of the target in the configuration
    std::unique_ptr<ScriptedServer> server;
  };

  Demo() = default;
  Result<void> start_servers(const std::shared_ptr<const Certificates>& certificates,
                             const Clock& clock);

  std::string config_path_;
  ServerLoop loop_;
  std::vector<Running> servers_;  // after the loop, which must outlive them
};

// The configuration with the given port for each server, by name; the placeholder of a server that
// is not named stays.
std::string demo_config_toml(const std::vector<std::pair<std::string, std::uint16_t>>& ports);

}  // namespace sre
