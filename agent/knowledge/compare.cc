#include "agent/knowledge/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sre {
namespace {

bool is_positive(const CodeEntry& entry) { return entry.code < 400; }

// Where a check meets the pair: a phase in which both may come, else one in which the expected one
// may, else none.
std::optional<Phase> common_phase(const CodeEntry& expected, const CodeEntry& got) {
  const auto may_come = [](const CodeEntry& entry, Phase phase) {
    return entry.any_phase || entry.phases.contains(phase);
  };
  std::optional<Phase> common;
  std::optional<Phase> first;
  for (const auto phase : kPhases) {
    if (!has_reply(phase) || !may_come(expected, phase)) continue;
    if (!first) first = phase;
    if (!common && may_come(got, phase)) common = phase;
  }
  return common ? common : first;
}

Reason reason_of(const CodeEntry& expected, const CodeEntry& got) {
  if (is_positive(got)) {
    return is_positive(expected) ? Reason::unexpected_reply : Reason::unexpected_acceptance;
  }
  return got.reasons.choose(common_phase(expected, got), got.code, got.code / 100);
}

Comparison::Alert alert_of(const Knowledge& knowledge, const CodeEntry& expected,
                           const CodeEntry& got, std::string_view language) {
  Comparison::Alert alert;
  const auto a = std::to_string(expected.code);
  const auto b = std::to_string(got.code);
  alert.title = filled_in(knowledge, "alert_title", language, {{"a", a}, {"b", b}});
  alert.reason = reason_of(expected, got);
  const auto& own = knowledge.pair_texts({expected.code, got.code}, language);
  const auto& general = knowledge.reason_texts(alert.reason, language);
  alert.changed = own.changed.empty() ? general.meaning : own.changed;
  alert.first = own.first.empty() ? general.fix : own.first;
  return alert;
}

std::vector<Comparison::Difference> differences_of(const Explanation& expected,
                                                   const Explanation& got) {
  std::vector<Comparison::Difference> differences;
  // Both have the same facts in the same order; see facts().
  for (std::size_t i = 0; i < expected.facts.size(); ++i) {
    const Fact& a = expected.facts[i];
    const Fact& b = got.facts[i];
    if (a.text != b.text) differences.push_back({a.key, a.heading, a.text, b.text});
  }
  return differences;
}

std::string sentence(const Knowledge& knowledge, std::string_view key, std::string_view language,
                     const Explanation& a, const Explanation& b) {
  return filled_in(knowledge, key, language,
                   {{"a", a.key},
                    {"a_name", a.name},
                    {"a_class", a.facts.front().text},
                    {"a_meaning", a.meaning},
                    {"b", b.key},
                    {"b_name", b.name},
                    {"b_class", b.facts.front().text},
                    {"b_meaning", b.meaning}});
}

}  // namespace

Result<Comparison> compare(const Knowledge& knowledge, std::string_view expected,
                           std::string_view got, std::string_view language) {
  const auto a = find_code(knowledge, expected);
  if (!a) return tl::unexpected(a.error());
  const auto b = find_code(knowledge, got);
  if (!b) return tl::unexpected(b.error());
  if (*a == *b) {
    return failure(fmt::format("{} is not compared with itself; name two codes", (*a)->code));
  }
  Comparison comparison;
  comparison.expected = *explain(knowledge, expected, language);
  comparison.got = *explain(knowledge, got, language);
  comparison.title =
      sentence(knowledge, "compare_title", language, comparison.expected, comparison.got);
  comparison.summary =
      sentence(knowledge, "compare_summary", language, comparison.expected, comparison.got);
  comparison.differences = differences_of(comparison.expected, comparison.got);
  comparison.alert = alert_of(knowledge, **a, **b, language);
  comparison.reading = comparison.expected.reading;
  for (const auto& reference : comparison.got.reading) {
    const bool known = std::any_of(comparison.reading.begin(), comparison.reading.end(),
                                   [&](const auto& one) { return one.text == reference.text; });
    if (!known) comparison.reading.push_back(reference);
  }
  comparison.pair = {(*a)->code, (*b)->code};
  return comparison;
}

}  // namespace sre
