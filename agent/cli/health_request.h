#pragma once

#include <chrono>
#include <string>

#include "agent/base/clock.h"
#include "agent/base/result.h"

namespace sre {

// How long a daemon may take to answer before it counts as hanging.
inline constexpr Duration kHealthLimit = std::chrono::seconds{2};

// True for an address that request_health() can ask: "http://..." or "https://...".
bool is_health_url(const std::string& url);

// Asks `url` by GET, past every proxy, and waits for `limit` at most, name lookup included. Passes
// when the status is 200, or 401: a daemon that wants a login before it says more is alive. The
// certificate is not judged, for nothing secret is said. The Error names the url and what came.
Result<void> request_health(const std::string& url, Duration limit = kHealthLimit);

}  // namespace sre
