#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "agent/base/clock.h"
#include "agent/base/result.h"
#include "agent/demo/certificates.h"
#include "agent/demo/script.h"
#include "agent/demo/server_loop.h"

namespace sre {

// What clients have done to a scripted server so far.
struct ServerRecord {
  // All that clients said, in the order of arrival, as it was inside TLS; at most 1 MiB is kept.
  std::string received;
  std::size_t connections = 0;   // accepted in all
  std::size_t open = 0;          // right now
  std::size_t most_at_once = 0;  // open at the same time
  std::size_t handshakes = 0;    // TLS handshakes done

  // `received` cut into lines, without their line ends.
  std::vector<std::string> lines() const;
};

// An SMTP server on the loopback interface that behaves as its script says, towards any number of
// clients at once; the demo's servers and the tests'. Thread-safe.
class ScriptedServer {
 public:
  struct Options {
    std::uint16_t port = 0;                // on 127.0.0.1; 0: a free one
    bool record = false;                   // keep what clients say
    const Clock* clock = &system_clock();  // for the script's `during`; must outlive the server
  };

  // Listens, and serves from then on. `certificates` may be null for a script without TLS. Fails
  // when the port cannot be had.
  static Result<std::unique_ptr<ScriptedServer>> start(
      ServerLoop& loop, Script script, std::shared_ptr<const Certificates> certificates,
      Options options);

  // Drops all clients and stops listening; returns when both are done.
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::uint16_t port() const { return port_; }
  ServerRecord record() const;

 private:
  struct Shared;
  explicit ScriptedServer(std::shared_ptr<Shared> shared, std::uint16_t port);

  std::shared_ptr<Shared> shared_;
  std::uint16_t port_;
};

}  // namespace sre
