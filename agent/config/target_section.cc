#include <fmt/format.h>

#include <algorithm>

#include "agent/config/defaults.h"
#include "agent/config/rules.h"
#include "agent/config/sections.h"

namespace sre {
namespace {

constexpr std::uint16_t kSubmissionPort = 587;   // RFC 6409
constexpr std::uint16_t kSubmissionsPort = 465;  // RFC 8314: TLS from the first byte
constexpr int kMostConnections = 100;

// A port that everybody uses in one way only says how.
TlsMode usual_tls(std::optional<int> port) {
  if (port == kSubmissionsPort) return TlsMode::implicit;
  if (port == kSubmissionPort) return TlsMode::starttls;
  return TlsMode::opportunistic;
}

// Exactly one of host and mx.
void read_host(TableReader& table, Target& target) {
  if (const auto host = table.text_if("host", check_host)) target.host = host->value;
  if (const auto mx = table.text_if("mx", check_domain)) target.mx = mx->value;
  if (table.mentions("host") && table.mentions("mx")) {
    table.problem("mx",
                  "a target has a host or the mail exchangers of a domain, not both; take "
                  "host or mx away");
  } else if (!table.mentions("host") && !table.mentions("mx")) {
    table.problem("",
                  "[[target]] needs a server; write host = \"smtp.example.com\", or mx = "
                  "\"example.com\" for the mail exchangers of a domain");
  }
}

// The keys are the administrator's own, so no table of known ones has seen them yet.
void read_labels(TableReader& table, Target& target, Problems& problems) {
  const auto* labels = table.find("labels");
  if (labels == nullptr) return;
  for (const auto& label : labels->items) {
    if (const auto kept = check_label(label.key); !kept) {
      problems.add(label.key_place, "labels: " + kept.error().message);
    }
    if (label.type != Node::Type::string) {
      problems.add(label.place, fmt::format("the label {} must be a string in quotes, not {}",
                                            in_quotes(label.key), with_article(label.type)));
    }
    target.labels.emplace_back(label.key, label.text);
  }
}

// All of the table but its checks.
Target read_settings(TableReader& table, const Context& context) {
  Target target;
  table.missing("name", "name = \"corp-submission\"");
  if (const auto name = table.text_if("name", check_name)) target.name = name->value;
  read_host(table, target);
  const auto port = table.integer("port", 1, 65535);
  read_connection(table, context, usual_tls(port), target);
  target.port = port ? static_cast<std::uint16_t>(*port) : usual_port(target.tls);
  // The mail exchangers of a domain are known only when the check runs, and so is judged there
  // whether the credentials are meant for them.
  if (!target.host.empty()) check_credentials_host(table, target, target.host);
  target.address =
      table.choice("address", parse_address_choice, kAddressChoices).value_or(target.address);
  target.max_connections =
      table.integer("max_connections", 1, kMostConnections).value_or(target.max_connections);
  read_labels(table, target, context.problems);
  return target;
}

// What is worth asking of a target whose table names no check at all.
std::vector<Kind> usual_kinds(const Target& target) {
  std::vector<Kind> kinds = {Kind::greeting};
  if (target.tls == TlsMode::starttls || target.tls == TlsMode::implicit) {
    kinds.push_back(Kind::tls);
  }
  if (target.credentials != nullptr) kinds.push_back(Kind::login);
  return kinds;
}

// A table {kind = KIND}, for a check that is only named: from there on all checks are read alike.
Node named_check(std::string_view kind, Place place) {
  Node name;
  name.type = Node::Type::string;
  name.key = "kind";
  name.key_place = place;
  name.place = place;
  name.text = kind;
  Node table;
  table.place = place;
  table.items.push_back(std::move(name));
  return table;
}

// The checks of a target, all as tables, in the order of the file.
std::vector<Node> check_tables(TableReader& table, const Target& target) {
  std::vector<Node> tables;
  for (const auto& [kind, place] : table.texts("checks")) {
    tables.push_back(named_check(kind, place));
  }
  if (const auto* own = table.find("check")) {
    tables.insert(tables.end(), own->items.begin(), own->items.end());
  }
  if (!tables.empty()) return tables;
  if (table.find("checks") != nullptr) {
    table.problem("checks",
                  "the target has no check; name some, or leave the key out for the usual ones");
  }
  const bool reported = table.mentions("check") && table.find("check") == nullptr;
  if (table.mentions("checks") || reported) return tables;
  for (const Kind kind : usual_kinds(target)) {
    tables.push_back(named_check(to_string(kind), table.place()));
  }
  return tables;
}

// The name is part of the check's URL and of its state: two of one name would be one.
void check_unique_name(const Check& check, const std::vector<CheckPtr>& others,
                       TableReader& table) {
  const bool taken = std::any_of(others.begin(), others.end(),
                                 [&](const auto& other) { return other->name == check.name; });
  if (!taken) return;
  table.problem(table.mentions("name") ? "name" : "kind",
                fmt::format("the target has a check {} already; give one of them another name",
                            in_quotes(check.name)));
}

}  // namespace

TargetEntry read_target(const Node& node, const Context& context) {
  TableReader table(node, TableId::target, context.problems);
  const auto inherited = inherit(table, context.defaults);
  TargetEntry entry;
  entry.target = std::make_shared<const Target>(read_settings(table, context));
  for (const auto& check_node : check_tables(table, *entry.target)) {
    TableReader check_table(check_node, TableId::check, context.problems);
    check_table.missing("kind", "kind = \"login\"");
    const auto kind = read_kind(check_table);
    // Nothing else of the check can be judged while its kind is unknown.
    if (!kind) continue;
    auto check = read_check(check_table, *kind, entry.target, inherited.helo, context.problems);
    read_timing(check_table, inherited, check);
    check_unique_name(check, entry.checks, check_table);
    entry.checks.push_back(std::make_shared<const Check>(std::move(check)));
  }
  return entry;
}

}  // namespace sre
