#include "agent/web/quality.h"

#include <algorithm>
#include <cstddef>

#include "agent/base/text.h"

namespace sre {
namespace {

// "0.8" in thousandths; nothing for what is no quality.
std::optional<int> quality_of(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  if (text.size() > 1 && text[1] != '.') return std::nullopt;
  int value = text[0] == '1' ? kFullQuality : 0;
  int unit = kFullQuality / 10;
  for (const char digit : text.substr(std::min<std::size_t>(2, text.size()))) {
    if (digit < '0' || digit > '9') return std::nullopt;
    value += (digit - '0') * unit;
    unit /= 10;
  }
  return value <= kFullQuality ? std::optional(value) : std::nullopt;
}

}  // namespace

std::string_view take_item(std::string_view& text, char separator) {
  const auto item = text.substr(0, text.find(separator));
  text.remove_prefix(std::min(text.size(), item.size() + 1));
  return trim(item);
}

std::optional<int> quality_among(std::string_view parameters) {
  while (!parameters.empty()) {
    const auto parameter = take_item(parameters, ';');
    if (starts_with_ignoring_case(parameter, "q=")) return quality_of(parameter.substr(2));
  }
  return kFullQuality;
}

}  // namespace sre
