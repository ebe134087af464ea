#pragma once

#include <string_view>

#include "agent/base/result.h"
#include "agent/check/check.h"
#include "agent/config/config.h"

namespace sre {

// The check that a request to GET /probe asks for: the module's question, put to `target`
// ("host:port", the port by default that of the module's TLS mode). It ends within `time_limit` or
// the module's own timeout, whichever is shorter. A target that the module does not list is
// refused: whoever may send requests here may not send the module's credentials anywhere.
//
// The Error says what is wrong with the request and what would be right.
Result<CheckPtr> ad_hoc_check(const Config& config, std::string_view module,
                              std::string_view target, Duration time_limit);

}  // namespace sre
