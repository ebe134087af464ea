#pragma once

#include "agent/web/router.h"
#include "agent/web/site.h"

namespace sre {

// GET /probe?target=HOST:PORT&module=NAME[&debug=true]: one run now, answered with its metrics
// when it has ended. It ends in time for a scrape that says how long it waits
// (X-Prometheus-Scrape-Timeout-Seconds). With `debug` the answer is the dialogue and the metrics,
// for people. 400 where the request asks for what the configuration does not allow, 503 where too
// many such runs are under way.
Response probe_page(const Site& site, const Request& request, const Captures& captures);

}  // namespace sre
