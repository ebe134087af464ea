#include "agent/config/keys.h"

namespace sre {
namespace {

using enum ValueType;

constexpr KeySpec kRoot[] = {
    {"agent", table, "none"},
    {"credentials", table, "none"},
    {"target", tables, "none"},
    {"probe", table, "none"},
};

constexpr KeySpec kAgent[] = {
    {"interval", duration, "`\"60s\"`"},
    {"timeout", duration, "`\"15s\"`"},
    {"helo", string, "the machine's host name"},
    {"max_in_flight", integer, "`256`"},
    {"state_file", string, "none"},
    {"knowledge_dir", string, "none: the built-in one"},
    {"dns_servers", strings, "the system's"},
    {"duration_histogram", boolean, "`true`"},
};

constexpr KeySpec kCredentials[] = {
    {"username", string, "required"},         {"password_file", string, "one of three"},
    {"password_env", string, "one of three"}, {"credential", string, "one of three"},
    {"mechanism", string, "`\"auto\"`"},      {"hosts", strings, "required"},
};

constexpr KeySpec kTarget[] = {
    {"name", string, "required"},
    {"host", string, "this or `mx`"},
    {"mx", string, "this or `host`"},
    {"port", integer, "by `tls`"},
    {"tls", string, "by `port`"},
    {"ca_file", string, "the system's"},
    {"server_name", string, "the host"},
    {"verify", boolean, "`true`"},
    {"source_address", string, "the system's choice"},
    {"ip", string, "`\"any\"`"},
    {"address", string, "`\"first\"`"},
    {"credentials", string, "none"},
    {"allow_cleartext_login", boolean, "`false`"},
    {"max_connections", integer, "`1`"},
    {"labels", table, "none"},
    {"interval", duration, "`[agent]`"},
    {"timeout", duration, "`[agent]`"},
    {"helo", string, "`[agent]`"},
    {"checks", strings, "by TLS and credentials"},
    {"check", tables, "none"},
};

constexpr KeySpec kCheck[] = {
    {"kind", string, "required"},
    {"name", string, "the kind"},
    {"interval", duration, "`[[target]]`"},
    {"timeout", duration, "`[[target]]`"},
    {"helo", string, "`[[target]]`"},
    {"from", string, "by credentials"},
    {"to", string, "by kind"},
    {"expect", table, "by kind"},
    {"until", string, "by kind"},
    {"min_validity", duration, "`\"14d\"`"},
};

constexpr KeySpec kProbe[] = {
    {"module", table, "none"},
};

constexpr KeySpec kModule[] = {
    {"targets", strings, "required"},
    {"kind", string, "`\"greeting\"`"},
    {"tls", string, "`\"opportunistic\"`"},
    {"credentials", string, "none"},
    {"allow_cleartext_login", boolean, "`false`"},
    {"ca_file", string, "the system's"},
    {"server_name", string, "the host asked for"},
    {"verify", boolean, "`true`"},
    {"source_address", string, "the system's choice"},
    {"ip", string, "`\"any\"`"},
    {"timeout", duration, "`[agent]`"},
    {"helo", string, "`[agent]`"},
    {"from", string, "by credentials"},
    {"to", string, "by kind"},
    {"expect", table, "by kind"},
    {"until", string, "by kind"},
    {"min_validity", duration, "`\"14d\"`"},
};

struct TableSpec {
  std::string_view title;
  std::span<const KeySpec> keys;
};

constexpr std::array<TableSpec, kTables.size()> kSpecs = {{{"the file", kRoot},
                                                           {"[agent]", kAgent},
                                                           {"[credentials.NAME]", kCredentials},
                                                           {"[[target]]", kTarget},
                                                           {"[[target.check]]", kCheck},
                                                           {"[probe]", kProbe},
                                                           {"[probe.module.NAME]", kModule}}};

struct TypeNames {
  std::string_view name;
  std::string_view wanted;
};

constexpr std::array<TypeNames, 7> kTypes = {
    {{"string", "a string in quotes"},
     {"duration", "a duration in quotes, such as \"90s\" or \"1h30m\""},
     {"integer", "an integer without quotes"},
     {"boolean", "true or false without quotes"},
     {"array of strings", "an array of strings, such as [\"a\", \"b\"]"},
     {"table", "a table of keys"},
     {"array of tables", "an array of tables, each under a header in double brackets"}}};

}  // namespace

std::string_view title(TableId table) { return kSpecs[static_cast<std::size_t>(table)].title; }

std::span<const KeySpec> keys_of(TableId table) {
  return kSpecs[static_cast<std::size_t>(table)].keys;
}

bool stands_in(TableId inner, TableId outer) {
  switch (inner) {
    case TableId::root:
      return false;
    case TableId::check:
      return outer == TableId::target;
    case TableId::module:
      return outer == TableId::probe;
    case TableId::agent:
    case TableId::credentials:
    case TableId::target:
    case TableId::probe:
      return outer == TableId::root;
  }
  return false;
}

std::string_view to_string(ValueType type) { return kTypes[static_cast<std::size_t>(type)].name; }

std::string_view wanted(ValueType type) { return kTypes[static_cast<std::size_t>(type)].wanted; }

}  // namespace sre
