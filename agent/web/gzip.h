#pragma once

#include <string>
#include <string_view>

#include "agent/web/http.h"

namespace sre {

// True when an Accept-Encoding header takes gzip (RFC 9110 section 12.5.3): `gzip;q=0` does not,
// nor does one whose quality is badly written.
bool accepts_gzip(std::string_view accept_encoding);

// `text` in gzip format (RFC 1952). Throws std::bad_alloc only.
std::string gzip(std::string_view text);

// Compresses the body where the client asks for it and it is worth it.
void compress(const Request& request, Response& response);

}  // namespace sre
