#pragma once

#include "agent/web/router.h"
#include "agent/web/site.h"

namespace sre {

// GET /sd: the configured targets in the form of Prometheus' http_sd, one group for each target, so
// that a scrape configuration can hand them to /probe. A target that is given by its domain (`mx`)
// has no address of its own and is left out.
Response service_discovery(const Site& site, const Request& request, const Captures& captures);

}  // namespace sre
