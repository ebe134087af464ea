#include "agent/smtp/folded_text.h"

#include <array>
#include <charconv>
#include <optional>

#include "agent/smtp/enhanced_code.h"

namespace sre {
namespace {

struct Byte {
  char value;
  std::size_t length;  // in the text that was read
};

// The byte that the escape at the beginning of `text` stands for, of these two forms.
std::optional<Byte> unescaped(std::string_view text) {
  for (const std::string_view mark : {"%", "\\x"}) {
    const auto digits = text.starts_with(mark) ? text.substr(mark.size(), 2) : std::string_view{};
    unsigned char value = 0;
    const auto* end = digits.data() + digits.size();
    if (digits.size() == 2 && std::from_chars(digits.data(), end, value, 16).ptr == end) {
      return Byte{static_cast<char>(value), mark.size() + 2};
    }
  }
  return std::nullopt;
}

bool is_left_out(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= ' ' || byte == 0x7F;
}

char fold(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<char>(c - 'A' + 'a');
  if (c == '-') return '+';
  return c == '_' ? '/' : c;
}

std::size_t length_of_enhanced_code(std::string_view line) {
  const auto code = leading_enhanced_code(line);
  return code ? to_string(*code).size() : 0;
}

}  // namespace

FoldedText::FoldedText(std::span<const std::string> lines) {
  for (std::size_t number = 0; number < lines.size(); ++number) add_line(number, lines[number]);
}

void FoldedText::add_line(std::size_t number, std::string_view line) {
  std::size_t at = length_of_enhanced_code(line);
  while (at < line.size()) {
    const Byte byte = unescaped(line.substr(at)).value_or(Byte{line[at], 1});
    const std::size_t end = at + byte.length;
    if (!is_left_out(byte.value)) {
      text_ += fold(byte.value);
      origins_.push_back({number, at, end});
    }
    at = end;
  }
}

std::string folded(std::string_view line) {
  const std::array one = {std::string(line)};
  return FoldedText(one).text();
}

}  // namespace sre
