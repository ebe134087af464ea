#include "agent/web/guard.h"

#include "agent/base/text.h"

namespace sre {

bool is_cross_site(const Request& request, std::string_view our_origin) {
  if (request.method == "GET" || request.method == "HEAD") return false;
  const auto fetch_site = request.header("Sec-Fetch-Site");
  if (!fetch_site.empty()) return fetch_site != "same-origin" && fetch_site != "none";
  const auto origin = request.header("Origin");
  if (origin.empty()) return false;
  if (!our_origin.empty() && equal_ignoring_case(origin, our_origin)) return false;
  // "null", the origin of sandboxed frames and data: pages, has no host.
  const auto scheme_end = origin.find("://");
  if (scheme_end == std::string_view::npos) return true;
  return !equal_ignoring_case(origin.substr(scheme_end + 3), request.header("Host"));
}

void add_security_headers(Response& response) {
  auto& headers = response.headers;
  headers.push_back({"Content-Security-Policy",
                     "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "
                     "connect-src 'self'; form-action 'self'; base-uri 'none'; "
                     "frame-ancestors 'none'"});
  headers.push_back({"X-Content-Type-Options", "nosniff"});
  // Not `no-referrer`: with it browsers send `Origin: null` with our own forms, and is_cross_site()
  // could not tell them from foreign ones.
  headers.push_back({"Referrer-Policy", "same-origin"});
}

}  // namespace sre
