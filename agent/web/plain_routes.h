#pragma once

#include "agent/web/router.h"
#include "agent/web/site.h"

namespace sre {

// The routes that answer with little more than what a source gives.

// The telemetry path: Prometheus text format 0.0.4.
Response metrics_text(const Site& site, const Request& request, const Captures& captures);
// GET /config: a page for browsers, else the text itself.
Response config_page(const Site& site, const Request& request, const Captures& captures);
// GET /api/v1/checks: an array of check_json().
Response checks_api(const Site& site, const Request& request, const Captures& captures);
// GET /-/healthy: 200 as long as the web thread lives.
Response healthy(const Site& site, const Request& request, const Captures& captures);
// GET /-/ready: 200 when checks run, else 503.
Response ready(const Site& site, const Request& request, const Captures& captures);
// POST /-/reload: 200, or 500 with what is wrong in the configuration, which then is not taken;
// when a reload that began after the request is over.
Response reload(const Site& site, const Request& request, const Captures& captures);
// GET /assets/NAME: the stylesheet, the script and the icon.
Response asset(const Site& site, const Request& request, const Captures& captures);

}  // namespace sre
