#pragma once

#include <string_view>

#include "agent/knowledge/explain.h"

namespace sre {

// What an address names, for pages and JSON alike: one kind of thing only, where explain() takes
// anything. The Error names the nearest that is known.

// A basic code ("535") or an enhanced one ("5.7.8", "X.7.8").
Result<Explanation> look_up_code(const Knowledge& knowledge, std::string_view key,
                                 std::string_view language);

// A reason ("auth_required").
Result<Explanation> look_up_reason(const Knowledge& knowledge, std::string_view slug,
                                   std::string_view language);

}  // namespace sre
