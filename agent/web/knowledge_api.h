#pragma once

#include "agent/web/router.h"
#include "agent/web/site.h"

namespace sre {

// The knowledge base as JSON (agent/report/knowledge_json.h), in the language of `?lang=` or
// Accept-Language. Errors are {"error": "..."}.

// GET /api/v1/codes: all basic and enhanced codes, and the pairs with a remark of their own.
Response codes_api(const Site& site, const Request& request, const Captures& captures);
// GET /api/v1/codes/KEY: a basic or an enhanced code.
Response code_api(const Site& site, const Request& request, const Captures& captures);
// GET /api/v1/reasons, /api/v1/reasons/SLUG.
Response reasons_api(const Site& site, const Request& request, const Captures& captures);
Response reason_api(const Site& site, const Request& request, const Captures& captures);
// GET /api/v1/compare?a=235&b=530: `a` was expected, `b` came. 400 names what is missing.
Response compare_api(const Site& site, const Request& request, const Captures& captures);
// GET /api/v1/explain?q=...&phase=auth: a code, a reason or a whole reply.
Response explain_api(const Site& site, const Request& request, const Captures& captures);

}  // namespace sre
