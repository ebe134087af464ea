#include <fmt/format.h>

#include "agent/config/defaults.h"
#include "agent/config/rules.h"
#include "agent/config/sections.h"

namespace sre {
namespace {

// "[2001:db8::*]:25" -> "2001:db8::*"
std::string host_of(std::string_view pattern) {
  auto host = pattern.substr(0, pattern.rfind(':'));
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return std::string(host);
}

// Whom the module may be sent to, and whether its credentials may go to all of them.
void read_patterns(TableReader& table, const Target& target, ProbeModule& module,
                   Problems& problems) {
  for (const auto& [pattern, place] : table.texts("targets")) {
    if (const auto kept = check_target_pattern(pattern); !kept) {
      problems.add(place, "targets: " + kept.error().message);
      continue;
    }
    module.targets.push_back(pattern);
    // A star in the target's pattern is met by a star of the credentials' only, and so every host
    // that the one matches is matched by the other.
    check_credentials_host(table, target, host_of(pattern));
  }
  const auto* all = table.find("targets");
  if (!table.mentions("targets") || (all != nullptr && all->items.empty())) {
    table.problem("targets",
                  "a module needs the targets that may be asked for, or anybody could send it "
                  "anywhere; write targets = [\"*.example.com:587\"] with yours");
  }
}

}  // namespace

ProbeModule read_module(const Node& node, const Context& context) {
  TableReader table(node, TableId::module, context.problems);
  ProbeModule module;
  module.name = node.key;
  if (const auto kept = check_name(node.key); !kept) {
    context.problems.add(node.key_place, "name of a module: " + kept.error().message);
  }
  Target target;
  read_connection(table, context, TlsMode::opportunistic, target);
  target.port = usual_port(target.tls);
  read_patterns(table, target, module, context.problems);
  // Nothing of the question can be judged while its kind is unknown.
  const auto kind = read_kind(table);
  if (!kind && table.mentions("kind")) return module;
  auto inherited = inherit(table, context.defaults);
  module.check = read_check(table, kind.value_or(Kind::greeting),
                            std::make_shared<const Target>(std::move(target)), inherited.helo,
                            context.problems);
  module.check.timeout = inherited.timeout.value;
  return module;
}

}  // namespace sre
