#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/smtp/enhanced_code.h"

namespace sre {

// What a server answered to one command (RFC 5321 section 4.2).
struct Reply {
  // The three digits of every line; 0 when there are none (only in replies made from free text).
  int code = 0;
  // RFC 3463, from the text; of another class than `code` it is kept all the same.
  std::optional<EnhancedCode> enhanced;
  // The text of each line behind code and separator, the enhanced code included. Raw bytes of the
  // wire without their line end: show them through printable() only.
  std::vector<std::string> lines;

  // 2yz and 3yz.
  bool positive() const { return code >= 200 && code < 400; }

  // All lines in one, single spaces between them.
  std::string text() const;

  // A reply quoted in a log or typed by a person: "535 5.7.8 Error", "535-5.7.8 a\n535 5.7.8 b", or
  // text alone (code 0). Never fails.
  static Reply from_text(std::string_view text);
};

// "535" or "535 5.7.8".
std::string describe_code(const Reply& reply);

}  // namespace sre
