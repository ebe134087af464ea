#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "agent/config/rules.h"
#include "agent/config/secret_source.h"
#include "agent/config/sections.h"

namespace sre {
namespace {

constexpr std::array<std::string_view, 3> kSources = {"password_file", "password_env",
                                                      "credential"};
constexpr std::string_view kExternal = "EXTERNAL";

// The keys of the three ways to a secret that the table has.
std::vector<std::string_view> sources_of(const TableReader& table) {
  std::vector<std::string_view> found;
  std::copy_if(kSources.begin(), kSources.end(), std::back_inserter(found),
               [&](std::string_view key) { return table.mentions(key); });
  return found;
}

// True when exactly the secret is there that the mechanism needs; reports what is not.
bool check_sources(TableReader& table, const std::string& mechanism) {
  const auto sources = sources_of(table);
  if (sources.size() > 1) {
    table.problem(sources[1],
                  fmt::format("the secret comes from {} already; keep one of the two", sources[0]));
    return false;
  }
  if (mechanism == kExternal) {
    if (sources.empty()) return true;
    table.problem(sources[0],
                  "EXTERNAL has no secret: the server knows the client by other means; "
                  "take this key away");
    return false;
  }
  if (!sources.empty()) return true;
  table.problem("",
                "credentials need a secret, a password or a token; write password_file, "
                "password_env or credential");
  return false;
}

// The secret from where the entry says; a path in it becomes absolute.
Result<Secret> fetch(CredentialsEntry& entry, const std::string& folder) {
  if (entry.source_key == "password_env") return secret_from_environment(entry.source);
  if (entry.source_key == "credential") return secret_from_credential(entry.source);
  entry.source = absolute_path(entry.source, folder);
  return secret_from_file(entry.source);
}

// The secret that the table names; empty where it needs none, or after a report.
Secret read_secret(TableReader& table, const Context& context, const std::string& mechanism,
                   CredentialsEntry& entry) {
  if (!check_sources(table, mechanism)) return Secret();
  const auto sources = sources_of(table);
  if (sources.empty()) return Secret();
  const auto source = table.text(sources[0]);
  if (!source) return Secret();
  entry.source_key = sources[0];
  entry.source = *source;
  auto secret = fetch(entry, context.folder);
  if (secret) return std::move(*secret);
  table.problem(sources[0], fmt::format("{}: {}", sources[0], secret.error().message));
  return Secret();
}

// Patterns that break a rule stay in the list, so that they are not reported as missing as well.
std::vector<std::string> read_hosts(TableReader& table, Problems& problems) {
  std::vector<std::string> hosts;
  for (const auto& [pattern, place] : table.texts("hosts")) {
    if (const auto kept = check_host_pattern(pattern); !kept) {
      problems.add(place, "hosts: " + kept.error().message);
    }
    hosts.push_back(pattern);
  }
  if (hosts.empty() && (!table.mentions("hosts") || table.find("hosts") != nullptr)) {
    table.problem("hosts",
                  "credentials need the hosts that may see them; write hosts = "
                  "[\"smtp.example.com\"] with yours, * for any part of a name");
  }
  return hosts;
}

CredentialsEntry read_entry(const Node& node, const Context& context) {
  TableReader table(node, TableId::credentials, context.problems);
  CredentialsEntry entry;
  if (const auto kept = check_name(node.key); !kept) {
    context.problems.add(node.key_place, "name of credentials: " + kept.error().message);
  }
  const auto mechanism =
      table.choice<std::string>("mechanism", parse_mechanism, mechanism_names()).value_or("auto");
  const auto username = table.text_if("username", check_username);
  if (mechanism != kExternal) table.missing("username", "username = \"probe@example.com\"");
  auto secret = read_secret(table, context, mechanism, entry);
  entry.credentials = std::make_shared<const Credentials>(
      Credentials{.name = node.key,
                  .username = username ? username->value : "",
                  .secret = std::move(secret),
                  .mechanism = mechanism,
                  .hosts = read_hosts(table, context.problems)});
  return entry;
}

}  // namespace

std::vector<CredentialsEntry> read_credentials(const Node* tables, Context& context) {
  std::vector<CredentialsEntry> entries;
  if (tables == nullptr) return entries;
  for (const auto& node : tables->items) {
    if (node.type != Node::Type::table) {
      context.problems.add(node.key_place,
                           fmt::format("{} stands in [credentials] itself; credentials have names: "
                                       "write it below [credentials.NAME]",
                                       in_quotes(node.key)));
      continue;
    }
    entries.push_back(read_entry(node, context));
    context.credentials.emplace(node.key, entries.back().credentials);
  }
  return entries;
}

}  // namespace sre
