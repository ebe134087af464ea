#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sre {

// Lines as the Redactor compares them: one text, without what servers change when they quote. Line
// ends, white space, control characters and enhanced codes at the beginning of a line are left out;
// letters are small; `%21` and `\x21` are the byte they stand for; base64 has the alphabet of
// RFC 4648 section 4, whichever it came in.
class FoldedText {
 public:
  // Where a byte of the text came from.
  struct Origin {
    std::size_t line;
    std::size_t begin;  // of the bytes in that line
    std::size_t end;
  };

  explicit FoldedText(std::span<const std::string> lines);

  const std::string& text() const { return text_; }
  const Origin& origin(std::size_t at) const { return origins_[at]; }

 private:
  void add_line(std::size_t number, std::string_view line);

  std::string text_;
  std::vector<Origin> origins_;  // one for each byte of text_
};

// One line likewise, where nobody asks for origins.
std::string folded(std::string_view line);

}  // namespace sre
