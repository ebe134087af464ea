#include "agent/loading/loading.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

namespace sre {
Result<Loading> load_all(const std::string& config_file) {
  auto config = load_config(config_file);
  if (!config) return failure(to_string(config.error()));
  auto knowledge = Knowledge::load(config->agent.knowledge_dir);
  if (!knowledge) return tl::unexpected(std::move(knowledge.error()));
  return Loading{std::make_shared<const Config>(std::move(*config)), std::move(*knowledge)};
}

std::string joined_dns_servers(const Config& config) {
  return fmt::format("{}", fmt::join(config.agent.dns_servers, ","));
}

}  // namespace sre
