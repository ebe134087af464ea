#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sre {

// Percent-decodes a path segment (RFC 3986 section 2.1); nothing when an escape is broken or
// stands for NUL.
std::optional<std::string> percent_decode(std::string_view text);

// Percent-encodes everything but unreserved characters, so that the result is safe as one path
// segment or one query value, and in an attribute.
std::string percent_encode(std::string_view text);

// The first value of `name` in a query string as a form sends it (`+` is a space); nothing when it
// is absent or broken.
std::optional<std::string> query_value(std::string_view query, std::string_view name);

}  // namespace sre
