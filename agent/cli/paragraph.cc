#include "agent/cli/paragraph.h"

#include <algorithm>

namespace sre {

std::size_t width(std::string_view text) {
  // Continuation bytes of UTF-8 are 10xxxxxx.
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

std::string paragraph(std::string_view text, std::size_t indent) {
  std::string lines;
  std::size_t column = 0;  // 0: nothing on the line yet
  while (!text.empty()) {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    if (word.empty()) continue;
    if (column > 0 && column + 1 + width(word) > kLineWidth) {
      lines += '\n';
      column = 0;
    }
    if (column == 0) {
      lines.append(indent, ' ');
      column = indent + width(word);
    } else {
      lines += ' ';
      column += 1 + width(word);
    }
    lines += word;
  }
  if (!lines.empty()) lines += '\n';
  return lines;
}

}  // namespace sre
