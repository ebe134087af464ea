#pragma once

#include "agent/web/router.h"
#include "agent/web/site.h"

namespace sre {

// GET /codes: every basic code by class, every enhanced code by subject, the compared pairs, and
// two forms. `?q=` puts the explanation of a code, a reason or a whole reply on top; `?a=&b=` leads
// to the comparison of two codes.
Response codes_page(const Site& site, const Request& request, const Captures& captures);

// GET /codes/KEY: a basic code ("535"), an enhanced code ("5.7.8", "X.7.8"), or two basic codes
// compared ("235-vs-530").
Response code_page(const Site& site, const Request& request, const Captures& captures);

}  // namespace sre
