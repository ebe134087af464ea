#pragma once

#include <string_view>
#include <vector>

#include "agent/config/config.h"

namespace sre {

// The keys of [agent] that a reload leaves as they were at the start, where `wanted` differs in
// them.
std::vector<std::string_view> keys_for_restart(const AgentSettings& started_with,
                                               const AgentSettings& wanted);

}  // namespace sre
