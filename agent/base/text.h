#pragma once

#include <span>
#include <string>
#include <string_view>

namespace sre {

// Text helpers. ASCII only: SMTP commands, keywords and host names are ASCII, and the answer must
// not depend on the locale.

std::string to_lower(std::string_view text);
std::string to_upper(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);
bool starts_with_ignoring_case(std::string_view text, std::string_view prefix);
std::string_view trim(std::string_view text);

// Whatever the wire brought, as valid UTF-8 that is safe on a terminal and in a log line: bytes
// that are no UTF-8, and control characters but tab, become `\xNN`; the result is cut at `limit`
// bytes.
std::string printable(std::string_view raw, std::size_t limit = 4096);

// True when `name` matches `pattern`, in which `*` stands for any run of characters; case is
// ignored. Linear in the product of the lengths at worst, no recursion.
bool matches_glob(std::string_view pattern, std::string_view name);

// The candidate with the smallest edit distance to `word`, for "did you mean"; empty when none is
// near (more than a third of the word's length, at least 2, would have to change). A word may be
// of any length: it is compared with candidates that are nearly as long, and no others.
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

// Standard base64 (RFC 4648 section 4), padded.
std::string base64_encode(std::string_view raw);

}  // namespace sre
