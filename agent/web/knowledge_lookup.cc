#include "agent/web/knowledge_lookup.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "agent/base/text.h"

namespace sre {
namespace {

bool looks_like_a_code(std::string_view key) {
  return std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= '0' && c <= '9') || c == '.' || c == 'X' || c == 'x';
  });
}

}  // namespace

Result<Explanation> look_up_code(const Knowledge& knowledge, std::string_view key,
                                 std::string_view language) {
  const auto no_code = [&] {
    return failure(
        fmt::format("\"{}\" is neither a reply code nor an enhanced status code; try 535 or 5.7.8",
                    printable(key, 80)));
  };
  if (!looks_like_a_code(key)) return no_code();
  auto told = explain(knowledge, key, language);
  // Dots and digits that are no code are read as a reply's text, which has a rule.
  if (told && !told->rule_id.empty()) return no_code();
  return told;
}

Result<Explanation> look_up_reason(const Knowledge& knowledge, std::string_view slug,
                                   std::string_view language) {
  if (parse_reason(slug)) return explain(knowledge, slug, language);
  std::vector<std::string_view> slugs;
  for (const auto& entry : knowledge.reasons()) slugs.push_back(to_string(entry.reason));
  const auto near = nearest(slug, slugs);
  return failure(fmt::format(
      "there is no reason \"{}\"{}", printable(slug, 80),
      near.empty() ? "; /reasons lists them all" : fmt::format("; did you mean {}?", near)));
}

}  // namespace sre
