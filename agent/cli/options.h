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
#include "agent/smtp/phase.h"
#include "agent/web/web_options.h"

namespace sre {

inline constexpr auto kDefaultConfigFile = "/etc/smtp_reply_exporter/config.toml";

// What the command line asks for, a struct a command. Plain values.

struct ServeOptions {
  std::string config_file = kDefaultConfigFile;
  WebOptions web;
  bool check_config_only = false;
};

struct DemoOptions {
  WebOptions web;  // listens on the loopback unless told otherwise
};

enum class OutputFormat : std::uint8_t { text, json };

struct CheckOptions {
  std::string config_file = kDefaultConfigFile;
  std::vector<std::string> selected;  // "TARGET" or "TARGET/CHECK"; empty: all
  OutputFormat format = OutputFormat::text;
  std::string language;  // empty: that of the locale
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
  std::string language;
};

// What the commands that only tell what is known have in common.
struct KnowledgeOptions {
  std::string knowledge_dir;  // empty: the built-in knowledge base alone
  OutputFormat format = OutputFormat::text;
  std::string language;
};

struct ExplainOptions : KnowledgeOptions {
  std::string query;
  std::optional<Phase> phase;  // in which the reply came, if that is known
};

struct CompareOptions : KnowledgeOptions {
  std::string expected;
  std::string got;
};

struct CodesOptions : KnowledgeOptions {};

struct ReasonsOptions : KnowledgeOptions {};

struct ClassifyOptions {
  std::string knowledge_dir;
};

struct HealthcheckOptions {
  std::string url = "http://127.0.0.1:10235/-/healthy";
};

using CommandOptions =
    std::variant<ServeOptions, DemoOptions, CheckOptions, ProbeOptions, ExplainOptions,
                 CompareOptions, CodesOptions, ReasonsOptions, ClassifyOptions, HealthcheckOptions>;

struct Options {
  CommandOptions command;
  log::Level log_level = log::Level::info;
  log::Format log_format = log::Format::logfmt;
};

// Reads the command line. Where there is nothing to run it has printed what was asked for (--help,
// --version) or what is wrong, and gives the exit status: 0, or 2 for a usage error.
std::variant<Options, int> parse_command_line(int argc, const char* const* argv);

}  // namespace sre
