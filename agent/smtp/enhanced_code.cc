#include "agent/smtp/enhanced_code.h"

#include <fmt/format.h>

namespace sre {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes one to three digits off the front of `text`.
std::optional<std::uint16_t> take_number(std::string_view& text) {
  std::uint16_t value = 0;
  std::size_t digits = 0;
  while (digits < text.size() && digits < 3 && is_digit(text[digits])) {
    value = static_cast<std::uint16_t>(value * 10 + (text[digits] - '0'));
    ++digits;
  }
  if (digits == 0) return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

bool take_dot(std::string_view& text) {
  if (!text.starts_with('.')) return false;
  text.remove_prefix(1);
  return true;
}

// Takes a code off the front of `text`, which afterwards begins with what followed it.
std::optional<EnhancedCode> take_code(std::string_view& text) {
  if (text.empty() || (text[0] != '2' && text[0] != '4' && text[0] != '5')) return std::nullopt;
  const auto status_class = take_number(text);
  if (!status_class || *status_class > 5 || !take_dot(text)) return std::nullopt;
  const auto subject = take_number(text);
  if (!subject || !take_dot(text)) return std::nullopt;
  const auto detail = take_number(text);
  if (!detail || (!text.empty() && is_digit(text[0]))) return std::nullopt;
  return EnhancedCode{*status_class, *subject, *detail};
}

// A fourth number makes it an address.
bool goes_on(std::string_view rest) {
  return rest.size() >= 2 && rest[0] == '.' && is_digit(rest[1]);
}

}  // namespace

std::string to_string(EnhancedCode code) {
  return fmt::format("{}.{}.{}", code.status_class, code.subject, code.detail);
}

std::optional<EnhancedCode> parse_enhanced_code(std::string_view text) {
  const auto code = take_code(text);
  return text.empty() ? code : std::nullopt;
}

std::optional<EnhancedCode> leading_enhanced_code(std::string_view text) {
  const auto code = take_code(text);
  return code && !goes_on(text) ? code : std::nullopt;
}

std::optional<EnhancedCode> find_enhanced_code(std::string_view text) {
  if (const auto code = leading_enhanced_code(text)) return code;
  for (auto at = text.find('#'); at != std::string_view::npos; at = text.find('#', at + 1)) {
    if (const auto code = leading_enhanced_code(text.substr(at + 1))) return code;
  }
  return std::nullopt;
}

}  // namespace sre
