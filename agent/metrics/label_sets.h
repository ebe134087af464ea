#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "agent/smtp/enhanced_code.h"

namespace sre {

// What of the wire may become a label value: each function returns a value of a closed set, so that
// no server can add series without end. The knowledge base knows the sets. Must be callable from
// several threads.
struct LabelSets {
  // "535"; a code that is not listed as its class, "5xx"; no code at all as "other".
  std::function<std::string(int)> code;
  // "5.7.8", "other" where it is not listed, "" where there is none.
  std::function<std::string(const std::optional<EnhancedCode>&)> enhanced_code;
  // The EHLO keyword or SASL mechanism in upper case, "other" where it is not listed.
  std::function<std::string(std::string_view)> extension;
  std::function<std::string(std::string_view)> mechanism;
};

}  // namespace sre
