#pragma once

#include "agent/web/router.h"
#include "agent/web/site.h"

namespace sre {

// GET /: every check and how it stands, failing ones first and explained. `?q=` keeps the checks
// that hold all its words in their name, kind, server, state, code or reason; `?refresh=off` leaves
// the page as it is.
Response overview_page(const Site& site, const Request& request, const Captures& captures);

}  // namespace sre
