#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "agent/config/defaults.h"
#include "agent/config/rules.h"
#include "agent/config/sections.h"

namespace sre {
namespace {

constexpr int kMostInFlight = 10'000;
constexpr Duration kLeastInterval = std::chrono::seconds{1};
constexpr Duration kLeastTimeout = std::chrono::milliseconds{1};

void read_dns_servers(TableReader& table, AgentSettings& agent, Problems& problems) {
  for (const auto& [text, place] : table.texts("dns_servers")) {
    if (auto server = dns_server(text)) {
      agent.dns_servers.push_back(std::move(*server));
    } else {
      problems.add(place, "dns_servers: " + server.error().message);
    }
  }
}

void read_knowledge_dir(TableReader& table, const Context& context, AgentSettings& agent) {
  const auto path = table.text("knowledge_dir");
  if (!path) return;
  agent.knowledge_dir = absolute_path(*path, context.folder);
  std::error_code ignored;
  if (!std::filesystem::is_directory(agent.knowledge_dir, ignored)) {
    table.problem("knowledge_dir",
                  fmt::format("{} is no folder; name one with the files of the knowledge base, or "
                              "leave the key out for the built-in one",
                              in_quotes(agent.knowledge_dir)));
  }
}

void read_state_file(TableReader& table, const Context& context, AgentSettings& agent) {
  const auto path = table.text("state_file");
  if (!path) return;
  agent.state_file = absolute_path(*path, context.folder);
  std::error_code ignored;
  if (path->empty() || path->ends_with('/') ||
      std::filesystem::is_directory(agent.state_file, ignored)) {
    table.problem("state_file", fmt::format("{} is no file name; write one such as "
                                            "\"/var/lib/smtp_reply_exporter/state.db\"",
                                            in_quotes(*path)));
  }
}

}  // namespace

std::string absolute_path(const std::string& path, const std::string& folder) {
  return (std::filesystem::path(folder) / path).lexically_normal().native();
}

Inherited inherit(TableReader& table, const Inherited& outer) {
  Inherited inner = outer;
  if (const auto interval = table.duration("interval", kLeastInterval)) inner.interval = *interval;
  if (const auto timeout = table.duration("timeout", kLeastTimeout)) inner.timeout = *timeout;
  if (const auto helo = table.text_if("helo", check_helo)) inner.helo = helo->value;
  return inner;
}

Duration effective_timeout(const Inherited& settings) {
  const bool configured = settings.timeout.place != Place{};
  return configured ? settings.timeout.value
                    : std::min(settings.timeout.value, settings.interval.value);
}

AgentSettings read_agent(const Node* table, Context& context) {
  AgentSettings agent;
  const Node nothing;
  TableReader reader(table != nullptr ? *table : nothing, TableId::agent, context.problems);
  context.defaults =
      inherit(reader, {{agent.interval, Place{}}, {agent.timeout, Place{}}, default_helo()});
  agent.interval = context.defaults.interval.value;
  agent.timeout = effective_timeout(context.defaults);
  agent.helo = context.defaults.helo;
  agent.max_in_flight =
      reader.integer("max_in_flight", 1, kMostInFlight).value_or(agent.max_in_flight);
  agent.duration_histogram =
      reader.boolean("duration_histogram").value_or(agent.duration_histogram);
  read_state_file(reader, context, agent);
  read_knowledge_dir(reader, context, agent);
  read_dns_servers(reader, agent, context.problems);
  return agent;
}

}  // namespace sre
