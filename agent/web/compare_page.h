#pragma once

#include <string_view>

#include "agent/web/edition.h"
#include "agent/web/http.h"

namespace sre {

// GET /codes/A-vs-B: the code `expected` that a check waits for beside the code `got` that came,
// first as an alert, then by what each means. The page that an alert's runbook_url names.
Response compare_page(const Edition& edition, const Request& request, std::string_view expected,
                      std::string_view got);

}  // namespace sre
