#include "agent/config/ad_hoc_check.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "agent/base/text.h"
#include "agent/check/host_port.h"
#include "agent/config/rules.h"

namespace sre {
namespace {

Result<const ProbeModule*> find_module(const Config& config, std::string_view name) {
  if (config.modules.empty()) {
    return failure("no module is configured, so nothing can be probed; add [probe.module.NAME]");
  }
  std::vector<std::string_view> names;
  for (const auto& module : config.modules) {
    if (module.name == name) return &module;
    names.emplace_back(module.name);
  }
  const auto what = name.empty() ? std::string("the parameter module is missing")
                                 : fmt::format("there is no module \"{}\"", printable(name, 100));
  return failure(fmt::format("{}; the modules are {}", what, fmt::join(names, ", ")));
}

Result<HostPort> read_target(std::string_view text) {
  if (text.empty()) return failure("the parameter target is missing; write target=HOST:PORT");
  auto parsed = parse_host_port(text);
  if (!parsed) return failure("target: " + parsed.error().message);
  if (auto kept = check_host(parsed->host); !kept) {
    return failure("target: " + kept.error().message);
  }
  parsed->host = to_lower(parsed->host);
  return parsed;
}

bool is_listed(const ProbeModule& module, const Target& target) {
  const auto port = fmt::to_string(target.port);
  return std::any_of(module.targets.begin(), module.targets.end(), [&](std::string_view pattern) {
    const auto colon = pattern.rfind(':');
    auto host = pattern.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    return matches_host(host, target.host) && matches_glob(pattern.substr(colon + 1), port);
  });
}

}  // namespace

Result<CheckPtr> ad_hoc_check(const Config& config, std::string_view module_name,
                              std::string_view target_text, Duration time_limit) {
  const auto found = find_module(config, module_name);
  if (!found) return tl::unexpected(found.error());
  const ProbeModule& module = **found;
  const auto wanted = read_target(target_text);
  if (!wanted) return tl::unexpected(wanted.error());
  auto target = std::make_shared<Target>(*module.check.target);
  target->host = wanted->host;
  target->port = wanted->port.value_or(target->port);
  target->name = host_port_text(target->host, target->port);
  if (!is_listed(module, *target)) {
    return failure(fmt::format("the module {} may not be sent to {}; its targets are {}",
                               module.name, target->name, fmt::join(module.targets, ", ")));
  }
  auto check = std::make_shared<Check>(module.check);
  check->target = std::move(target);
  check->timeout = std::min(check->timeout, time_limit);
  return check;
}

}  // namespace sre
