#pragma once

#include <string>

#include "agent/base/clock.h"
#include "agent/check/check.h"

namespace sre {

// The mail that a `delivery` check sends: headers and text with CRLF line ends, without the final
// dot. It says that no person wrote it (RFC 3834 section 5) and which check did; `serial` makes its
// Message-ID unique.
std::string delivery_message(const Check& check, WallTime now, std::string_view serial);

}  // namespace sre
