#include "agent/web/language.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "agent/base/text.h"

namespace sre {
namespace {

constexpr int kFullQuality = 1000;  // in thousandths, which is as fine as a quality may be written

// Cuts off and returns what stands before the next `separator`.
std::string_view take(std::string_view& text, char separator) {
  const auto item = text.substr(0, text.find(separator));
  text.remove_prefix(std::min(text.size(), item.size() + 1));
  return trim(item);
}

// "0.8" in thousandths (RFC 9110 section 12.4.2); nothing for what is no quality.
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

// The quality among the parameters behind a language range; nothing where it is badly written.
std::optional<int> quality_among(std::string_view parameters) {
  while (!parameters.empty()) {
    const auto parameter = take(parameters, ';');
    if (starts_with_ignoring_case(parameter, "q=")) return quality_of(parameter.substr(2));
  }
  return kFullQuality;
}

// True when one is the other, or the other with more behind a '-'.
bool related(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  return !a.empty() && starts_with_ignoring_case(b, a) &&
         (b.size() == a.size() || b[a.size()] == '-');
}

// How much a language is wanted, and where in the header that is said.
struct Wish {
  std::optional<int> quality;
  std::size_t place = 0;

  void hear(int said, std::size_t at) {
    if (!quality || said > *quality) *this = {said, at};
  }
};

}  // namespace

std::string_view accepted_language(std::string_view accept_language,
                                   std::span<const std::string_view> known) {
  std::vector<Wish> wishes(known.size());
  Wish any{0, 0};
  for (std::size_t place = 0; !accept_language.empty(); ++place) {
    auto item = take(accept_language, ',');
    const auto range = take(item, ';');
    const auto quality = quality_among(item);
    if (!quality) continue;
    if (range == "*") any.hear(*quality, place);
    for (std::size_t i = 0; i < known.size(); ++i) {
      if (related(range, known[i])) wishes[i].hear(*quality, place);
    }
  }
  std::string_view best = kDefaultLanguage;
  Wish wanted{0, 0};
  for (std::size_t i = 0; i < known.size(); ++i) {
    const Wish wish = wishes[i].quality ? wishes[i] : any;
    if (*wish.quality == 0 || *wish.quality < *wanted.quality) continue;
    const bool sooner =
        wish.place < wanted.place || (wish.place == wanted.place && known[i] == kDefaultLanguage);
    if (*wish.quality == *wanted.quality && !sooner) continue;
    best = known[i];
    wanted = wish;
  }
  return best;
}

std::optional<std::string_view> known_language(std::string_view name,
                                               std::span<const std::string_view> known) {
  const auto at = std::find_if(known.begin(), known.end(), [&](std::string_view language) {
    return equal_ignoring_case(language, name);
  });
  return at != known.end() ? std::optional(*at) : std::nullopt;
}

}  // namespace sre
