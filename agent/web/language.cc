#include "agent/web/language.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "agent/base/text.h"
#include "agent/web/quality.h"

namespace sre {
namespace {

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
    auto item = take_item(accept_language, ',');
    const auto range = take_item(item, ';');
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
