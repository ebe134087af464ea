#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sre {

// An enhanced status code, class.subject.detail (RFC 3463 section 2): 5.7.8.
struct EnhancedCode {
  std::uint16_t status_class = 0;  // 2, 4 or 5
  std::uint16_t subject = 0;       // 0 to 999
  std::uint16_t detail = 0;        // 0 to 999

  friend auto operator<=>(const EnhancedCode&, const EnhancedCode&) = default;
};

// "5.7.8".
std::string to_string(EnhancedCode code);

// Reads a code that stands alone: "5.7.8", nothing before or after it.
std::optional<EnhancedCode> parse_enhanced_code(std::string_view text);

// Reads the code at the start of a reply's text, where RFC 2034 section 4 puts it: "5.7.8 Error".
std::optional<EnhancedCode> leading_enhanced_code(std::string_view text);

// The code of a whole reply text: the leading one, else one marked by '#' as qmail and others write
// it behind the text ("authorization failed (#5.7.0)"). Unmarked dotted numbers elsewhere are
// addresses or versions and do not count.
std::optional<EnhancedCode> find_enhanced_code(std::string_view text);

}  // namespace sre
