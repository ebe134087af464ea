#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "agent/base/clock.h"
#include "agent/base/log.h"
#include "agent/check/kind.h"
#include "agent/check/target.h"

namespace sre {

inline constexpr auto kDefaultConfigFile = "/etc/smtp_reply_exporter/config.toml";

// What the command line asks for, a struct a command. Plain values.

struct ServeOptions {
  std::string config_file = kDefaultConfigFile;
  std::vector<std::string> listen_addresses = {":10235"};
  std::string telemetry_path = "/metrics";
  bool check_config_only = false;
};

struct DemoOptions {
  std::vector<std::string> listen_addresses = {"127.0.0.1:10235"};
};

enum class OutputFormat : std::uint8_t { text, json };

struct CheckOptions {
  std::string config_file = kDefaultConfigFile;
  std::vector<std::string> selected;  // "TARGET" or "TARGET/CHECK"; empty: all
  OutputFormat format = OutputFormat::text;
  std::string language = "en";
};

struct ProbeOptions {
  std::string host;
  std::optional<std::uint16_t> port;  // by default that of the TLS mode
  TlsMode tls = TlsMode::opportunistic;
  std::optional<Kind> kind;  // by default `login` with a user, else `greeting` or `tls`
  std::string user;
  std::string password_file;
  std::string mechanism = "auto";
  bool allow_cleartext_login = false;
  std::string helo;
  std::string from;
  std::string to;
  std::string ca_file;
  std::string server_name;
  bool verify = true;
  Duration timeout = std::chrono::seconds{15};
  OutputFormat format = OutputFormat::text;
  std::string language = "en";
};

struct ExplainOptions {
  std::string query;
  OutputFormat format = OutputFormat::text;
  std::string language = "en";
};

struct ClassifyOptions {};

using CommandOptions = std::variant<ServeOptions, DemoOptions, CheckOptions, ProbeOptions,
                                    ExplainOptions, ClassifyOptions>;

struct Options {
  CommandOptions command;
  log::Level log_level = log::Level::info;
  log::Format log_format = log::Format::logfmt;
};

// Reads the command line. Where there is nothing to run it has printed what was asked for (--help,
// --version) or what is wrong, and gives the exit status: 0, or 2 for a usage error.
std::variant<Options, int> parse_command_line(int argc, const char* const* argv);

}  // namespace sre
