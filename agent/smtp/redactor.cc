#include "agent/smtp/redactor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>

#include "agent/base/text.h"
#include "agent/smtp/folded_text.h"

namespace sre {
namespace {

// A code of less occurs in innocent text; it tells an onlooker nothing either.
constexpr std::size_t kShortestCode = 6;
// Eight bytes, in one number: what is compared of a piece at a time.
constexpr std::size_t kPiece = sizeof(std::uint64_t);
// Of pieces that consist of letters only.
constexpr std::size_t kShortestWords = 16;

// Which bytes of a folded text are part of a secret.
using Marks = std::vector<bool>;

// The part of a secret's base64 that does not depend on its neighbours when it begins `offset`
// bytes after a group of three.
std::string aligned_base64(std::string_view secret, std::size_t offset) {
  const std::string padded(offset, '\0');
  const std::string text = base64_encode(padded + std::string(secret));
  const std::size_t first = offset == 0 ? 0 : offset + 1;
  const std::size_t last = (offset + secret.size()) * 8 / 6;
  return last > first ? text.substr(first, last - first) : std::string{};
}

std::string hexadecimal(std::string_view text) {
  std::string digits;
  for (const char c : text) digits += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return digits;
}

void mark(Marks& marks, std::size_t at, std::size_t size) {
  std::fill_n(marks.begin() + static_cast<std::ptrdiff_t>(at), size, true);
}

void mark_whole(Marks& marks, std::string_view text, std::string_view secret) {
  for (auto at = text.find(secret); at != std::string_view::npos;
       at = text.find(secret, at + secret.size())) {
    mark(marks, at, secret.size());
  }
}

// The pieces of one text by their bytes, to look others up among them. Made of what the server
// said: so no memory but that of a Secret holds a secret.
class Pieces {
 public:
  explicit Pieces(std::string_view text) {
    for_each(text, [&](std::uint64_t bytes, std::size_t at) { sorted_.emplace_back(bytes, at); });
    std::sort(sorted_.begin(), sorted_.end());
  }

  // Marks all that occur in `secret`.
  void mark_those_of(std::string_view secret, Marks& marks) const {
    for_each(secret, [&](std::uint64_t bytes, std::size_t /*at*/) {
      auto found =
          std::lower_bound(sorted_.begin(), sorted_.end(), std::pair{bytes, std::size_t{0}});
      for (; found != sorted_.end() && found->first == bytes; ++found) {
        mark(marks, found->second, kPiece);
      }
    });
  }

 private:
  using Piece = std::pair<std::uint64_t, std::size_t>;  // its bytes, and where it begins

  template <class Function>
  static void for_each(std::string_view text, const Function& function) {
    std::uint64_t bytes = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
      bytes = bytes << 8 | static_cast<unsigned char>(text[at]);
      if (at + 1 >= kPiece) function(bytes, at + 1 - kPiece);
    }
  }

  std::vector<Piece> sorted_;
};

bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

// Takes back the marks of what may as well be words of somebody's language.
void unmark_words(Marks& marks, std::string_view text) {
  for (std::size_t end = 0, begin = 0; begin < text.size(); begin = end) {
    while (begin < text.size() && !marks[begin]) ++begin;
    end = begin;
    while (end < text.size() && marks[end]) ++end;
    const auto piece = text.substr(begin, end - begin);
    if (piece.size() >= kShortestWords || !std::all_of(piece.begin(), piece.end(), is_letter)) {
      continue;
    }
    std::fill_n(marks.begin() + static_cast<std::ptrdiff_t>(begin), piece.size(), false);
  }
}

bool is_base64(char c) {
  return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '/' || c == '=';
}

bool are_one_word(const FoldedText& folded, std::size_t left) {
  const auto& a = folded.origin(left);
  const auto& b = folded.origin(left + 1);
  return a.line == b.line && a.end == b.begin && is_base64(folded.text()[left]) &&
         is_base64(folded.text()[left + 1]);
}

// At either end of a code there may be a character with a few bits of the secret in it: so the
// whole word is taken.
void mark_words_of(Marks& marks, const FoldedText& folded) {
  for (std::size_t i = 1; i < marks.size(); ++i) {
    if (marks[i - 1] && !marks[i] && are_one_word(folded, i - 1)) marks[i] = true;
  }
  for (std::size_t i = marks.size(); i > 1; --i) {
    if (marks[i - 1] && !marks[i - 2] && are_one_word(folded, i - 2)) marks[i - 2] = true;
  }
}

// From the end, so that what comes before keeps its place.
void replace_marked(std::vector<std::string>& lines, const FoldedText& folded, const Marks& marks) {
  for (std::size_t at = marks.size(); at > 0;) {
    const auto last = folded.origin(--at);
    if (!marks[at]) continue;
    while (at > 0 && marks[at - 1] && folded.origin(at - 1).line == last.line) --at;
    const auto begin = folded.origin(at).begin;
    lines[last.line].replace(begin, last.end - begin, kSecretShown);
  }
}

}  // namespace

void Redactor::add(const Secret& secret) {
  if (auto clear = folded(secret.reveal()); !clear.empty()) clear_.emplace_back(std::move(clear));
  for (const std::size_t offset : {std::size_t{0}, std::size_t{1}, std::size_t{2}}) {
    add_code(aligned_base64(secret.reveal(), offset));
  }
  add_code(hexadecimal(secret.reveal()));
}

void Redactor::add_sasl_message(std::string_view base64) { add_code(base64); }

void Redactor::add_code(std::string_view text) {
  if (text.size() >= kShortestCode) codes_.emplace_back(folded(text));
}

void Redactor::clean(std::vector<std::string>& lines) const {
  if (clear_.empty() && codes_.empty()) return;
  const FoldedText folded(lines);
  const Pieces pieces(folded.text());
  Marks marks(folded.text().size());
  for (const auto& secret : clear_) pieces.mark_those_of(secret.reveal(), marks);
  unmark_words(marks, folded.text());
  for (const auto& secret : clear_) mark_whole(marks, folded.text(), secret.reveal());

  Marks of_codes(marks.size());
  for (const auto& code : codes_) {
    pieces.mark_those_of(code.reveal(), of_codes);
    mark_whole(of_codes, folded.text(), code.reveal());
  }
  mark_words_of(of_codes, folded);
  std::transform(marks.begin(), marks.end(), of_codes.begin(), marks.begin(), std::logical_or<>());
  replace_marked(lines, folded, marks);
}

std::string Redactor::clean(std::string line) const {
  std::vector<std::string> lines;
  lines.push_back(std::move(line));
  clean(lines);
  return std::move(lines.front());
}

}  // namespace sre
