#pragma once

#include <string_view>

#include "agent/web/http.h"

namespace sre {

// True when a request that changes something comes from a page of another site, as told by
// Sec-Fetch-Site or, where the browser does not send it (plain HTTP), by Origin against Host and
// against `our_origin` ("https://mon.example.com"), which is ours behind a proxy that changes Host.
// Clients that are no browsers send neither and are welcome.
bool is_cross_site(const Request& request, std::string_view our_origin = "");

// Adds what keeps a browser from doing with our pages what we did not ask for.
void add_security_headers(Response& response);

}  // namespace sre
