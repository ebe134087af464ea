#pragma once

#include "agent/web/router.h"
#include "agent/web/site.h"

namespace sre {

// GET /checks/TARGET/CHECK: the latest run explained, its dialogue, kept failures, recent runs and
// transitions. `?asked=N` waits for a run that ends after N ms since the epoch, reloading the page.
Response check_page(const Site& site, const Request& request, const Captures& captures);

// POST /checks/TARGET/CHECK/run: asks for a run now. A browser is sent to the check's page, others
// get 202.
Response run_check_now(const Site& site, const Request& request, const Captures& captures);

}  // namespace sre
