#pragma once

#include "agent/web/router.h"
#include "agent/web/site.h"

namespace sre {

// GET /reasons: every reason by group.
Response reasons_page(const Site& site, const Request& request, const Captures& captures);

// GET /reasons/SLUG: what happened, what to do, the codes that may mean it, and the rules that
// find it in a reply's text.
Response reason_page(const Site& site, const Request& request, const Captures& captures);

}  // namespace sre
