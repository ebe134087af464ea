#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "agent/base/clock.h"
#include "agent/base/problems.h"
#include "agent/check/check.h"

namespace sre {

// The [agent] table.
struct AgentSettings {
  Duration interval = std::chrono::seconds{60};  // where neither target nor check says another
  Duration timeout = std::chrono::seconds{15};   // likewise
  std::string helo;                              // likewise; by default the machine's name
  int max_in_flight = 256;                       // runs at once, whole agent
  std::string state_file;                        // absolute path; empty: nothing outlives a restart
  std::string knowledge_dir;                     // absolute path; empty: the built-in knowledge
  std::vector<std::string> dns_servers;  // "192.0.2.1:53", "[2001:db8::1]:53"; empty: the system's
  bool duration_histogram = true;        // export smtp_check_duration_seconds
};

// A [credentials.NAME] table: the credentials, and where their secret came from.
struct CredentialsEntry {
  std::shared_ptr<const Credentials> credentials;
  std::string
      source_key;      // password_file, password_env or credential; empty where there is no secret
  std::string source;  // absolute path, variable or credential name
};

// A [probe.module.NAME] table: what GET /probe may ask, and whom.
struct ProbeModule {
  std::string name;
  std::vector<std::string> targets;  // "host:port": a pattern of matches_host(), and a port or *
  // The check to run. Its target has neither name nor host, and its port is that of the TLS mode:
  // a request brings both.
  Check check;
};

// A whole configuration: every default is filled in, every secret read, every rule kept. Immutable.
struct Config {
  std::string file;  // as given to load_config()
  AgentSettings agent;
  std::vector<CredentialsEntry> credentials;
  std::vector<std::shared_ptr<const Target>> targets;
  std::vector<CheckPtr> checks;  // of all targets, in the order of the file
  std::vector<ProbeModule> modules;
};

// A configuration, or everything that is wrong with it, in the order of the file.
using Loaded = tl::expected<Config, std::vector<ConfigError>>;

// Reads a TOML file, and the secrets it names. Paths in it are relative to its folder. A file with
// a syntax error yields that error alone, any other all its errors. Blocks on files.
Loaded load_config(const std::string& file);

// The same for a text, as if it had been read from `file`.
Loaded parse_config(std::string_view text, const std::string& file);

// The configuration as TOML with all defaults filled in and `<secret>` where a secret would be.
// Reading it again gives the same checks.
std::string shown(const Config& config);

}  // namespace sre
