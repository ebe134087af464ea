#include "agent/web/discovery.h"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "agent/check/host_port.h"
#include "agent/report/report.h"

namespace sre {
namespace {

struct Group {
  const Target* target;
  std::string checks;  // ",login,tls,": commas around each, as other discoveries list tags
};

// In the order of the configuration, in which a target's checks stand together.
std::vector<Group> groups_of(const std::vector<CheckView>& views) {
  std::vector<Group> groups;
  for (const auto& view : views) {
    const Target* target = view.check->target.get();
    if (target->host.empty()) continue;
    if (groups.empty() || groups.back().target != target) groups.push_back({target, ","});
    groups.back().checks += view.check->name + ",";
  }
  return groups;
}

Json labels_of(const Group& group) {
  const Target& target = *group.target;
  Json labels = {{"__meta_smtp_target", target.name},
                 {"__meta_smtp_host", target.host},
                 {"__meta_smtp_port", fmt::to_string(target.port)},
                 {"__meta_smtp_tls", std::string(to_string(target.tls))},
                 {"__meta_smtp_checks", group.checks}};
  for (const auto& [name, value] : target.labels) labels["__meta_smtp_label_" + name] = value;
  return labels;
}

}  // namespace

Response service_discovery(const Site& site, const Request&, const Captures&) {
  const auto views = site.sources.overview();
  auto list = Json::array();
  for (const auto& group : groups_of(views)) {
    list.push_back({{"targets", {host_port_text(group.target->host, group.target->port)}},
                    {"labels", labels_of(group)}});
  }
  return {200, std::string(kJson), {{"Cache-Control", "no-store"}}, to_text(list)};
}

}  // namespace sre
