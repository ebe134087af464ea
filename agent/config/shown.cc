#include <fmt/format.h>

#include <string>
#include <string_view>

#include "agent/base/duration.h"
#include "agent/config/config.h"
#include "agent/config/toml_tree.h"

namespace sre {
namespace {

// Writes one table after the other, and leaves out what is empty: that is the absent key.
class Writer {
 public:
  void header(std::string_view text) {
    out_ += (out_.empty() ? "" : "\n") + fmt::format("{}\n", text);
  }
  void raw(std::string_view key, std::string_view value) {
    out_ += fmt::format("{} = {}\n", key, value);
  }
  void text(std::string_view key, std::string_view value) { raw(key, toml_quoted(value)); }
  void text_unless_empty(std::string_view key, std::string_view value) {
    if (!value.empty()) text(key, value);
  }
  void flag(std::string_view key, bool value) { raw(key, value ? "true" : "false"); }
  void number(std::string_view key, int value) { raw(key, std::to_string(value)); }
  void duration(std::string_view key, Duration value) { text(key, format_duration(value)); }
  void texts(std::string_view key, const std::vector<std::string>& values) {
    std::string list;
    for (const auto& value : values) list += (list.empty() ? "" : ", ") + toml_quoted(value);
    if (!values.empty()) raw(key, "[" + list + "]");
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

// A name of credentials or a module in a header: a dot would end it.
std::string in_header(std::string_view name) {
  return name.find('.') == std::string_view::npos ? std::string(name) : toml_quoted(name);
}

void write(Writer& out, const AgentSettings& agent) {
  out.header("[agent]");
  out.duration("interval", agent.interval);
  out.duration("timeout", agent.timeout);
  out.text("helo", agent.helo);
  out.number("max_in_flight", agent.max_in_flight);
  out.text_unless_empty("state_file", agent.state_file);
  out.text_unless_empty("knowledge_dir", agent.knowledge_dir);
  out.texts("dns_servers", agent.dns_servers);
  out.flag("duration_histogram", agent.duration_histogram);
}

void write(Writer& out, const CredentialsEntry& entry) {
  const auto& credentials = *entry.credentials;
  out.header(fmt::format("[credentials.{}]", in_header(credentials.name)));
  out.text_unless_empty("username", credentials.username);
  if (!entry.source_key.empty()) {
    // Where it came from, for the administrator who looks for it; the secret itself is not shown.
    out.raw(entry.source_key, fmt::format("{}  # {}", toml_quoted(entry.source), kSecretShown));
  }
  out.text("mechanism", credentials.mechanism);
  out.texts("hosts", credentials.hosts);
}

// What [[target]] and a probe module share.
void write_connection(Writer& out, const Target& target) {
  out.text("tls", to_string(target.tls));
  out.text_unless_empty("ca_file", target.ca_file);
  out.text_unless_empty("server_name", target.server_name);
  out.flag("verify", target.verify);
  out.text_unless_empty("source_address", target.source_address);
  out.text("ip", to_string(target.ip));
  if (target.credentials != nullptr) out.text("credentials", target.credentials->name);
  out.flag("allow_cleartext_login", target.allow_cleartext_login);
}

void write(Writer& out, const Target& target) {
  out.header("[[target]]");
  out.text("name", target.name);
  out.text_unless_empty("host", target.host);
  out.text_unless_empty("mx", target.mx);
  out.number("port", target.port);
  write_connection(out, target);
  out.text("address", to_string(target.address));
  out.number("max_connections", target.max_connections);
  std::string labels;
  for (const auto& [name, value] : target.labels) {
    labels += fmt::format("{}{} = {}", labels.empty() ? "" : ", ", name, toml_quoted(value));
  }
  if (!labels.empty()) out.raw("labels", "{ " + labels + " }");
}

// What [[target.check]] and a probe module share.
void write_question(Writer& out, const Check& check) {
  out.text("kind", to_string(check.kind));
  out.duration("timeout", check.timeout);
  out.text("helo", check.helo);
  out.text("until", to_string(check.until));
  // Keys that the check never comes to would be mistakes on reading this again.
  if (check.until >= Phase::mail) out.text("from", check.from);
  if (check.until >= Phase::rcpt) out.text("to", check.to);
  if (check.kind == Kind::tls) out.duration("min_validity", check.min_validity);
  std::string expect;
  for (const auto& [phase, pattern] : check.expect) {
    expect += fmt::format("{}{} = {}", expect.empty() ? "" : ", ", to_string(phase),
                          toml_quoted(pattern.text()));
  }
  out.raw("expect", "{ " + expect + " }");
}

void write(Writer& out, const Check& check) {
  out.header("[[target.check]]");
  out.text("name", check.name);
  out.duration("interval", check.interval);
  write_question(out, check);
}

void write(Writer& out, const ProbeModule& module) {
  out.header(fmt::format("[probe.module.{}]", in_header(module.name)));
  out.texts("targets", module.targets);
  write_connection(out, *module.check.target);
  write_question(out, module.check);
}

}  // namespace

std::string shown(const Config& config) {
  Writer out;
  write(out, config.agent);
  for (const auto& entry : config.credentials) write(out, entry);
  auto check = config.checks.begin();  // they stand in the order of their targets
  for (const auto& target : config.targets) {
    write(out, *target);
    for (; check != config.checks.end() && (*check)->target == target; ++check) write(out, **check);
  }
  for (const auto& module : config.modules) write(out, module);
  return out.take();
}

}  // namespace sre
