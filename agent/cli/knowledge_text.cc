#include "agent/cli/knowledge_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "agent/cli/paragraph.h"
#include "agent/report/knowledge_json.h"

namespace sre {
namespace {

constexpr std::size_t kIndent = 2;

// A heading and what belongs below it; nothing where there is nothing to say.
std::string section(std::string_view heading, std::string_view text) {
  if (text.empty()) return {};
  return fmt::format("\n{}\n{}", heading, paragraph(text, kIndent));
}

std::vector<std::string> related_to(const Explanation& told) {
  std::vector<std::string> related = told.codes;
  related.insert(related.end(), told.enhanced_codes.begin(), told.enhanced_codes.end());
  related.insert(related.end(), told.reasons.begin(), told.reasons.end());
  for (const auto& pair : told.pairs) related.push_back(pair_name(pair));
  return related;
}

// "  535  Authentication credentials invalid", the names below each other.
std::string row(std::string_view key, std::string_view name, std::size_t key_width) {
  return fmt::format("  {:<{}}  {}\n", key, key_width, name);
}

}  // namespace

std::string explanation_text(const Knowledge& knowledge, const Explanation& told,
                             std::string_view language) {
  const auto word = [&](std::string_view key) { return knowledge.word(key, language); };
  auto text = told.title() + "\n";
  text += section(word("meaning"), told.meaning);
  text += section(word("when"), told.when);
  text += section(word("fix"), told.fix);
  text += section(word("expect"), told.expect);
  text += '\n';
  const auto line = [&](std::string_view heading, std::string_view what) {
    const auto sentence =
        filled_in(knowledge, "fact", language, {{"heading", heading}, {"text", what}});
    return paragraph(sentence, 0);
  };
  for (const auto& fact : told.facts) text += line(fact.heading, fact.text);
  if (!told.rule_id.empty()) text += line(word("rule"), told.rule_id);
  text += section(word("related"), fmt::format("{}", fmt::join(related_to(told), ", ")));
  return text;
}

std::string comparison_text(const Knowledge& knowledge, const Comparison& comparison,
                            std::string_view language) {
  const auto& expected = comparison.expected;
  const auto& got = comparison.got;
  const auto both = [&](std::string_view heading, std::string_view a, std::string_view b) {
    return section(heading, fmt::format("{}: {}", expected.key, a)) +
           paragraph(fmt::format("{}: {}", got.key, b), kIndent);
  };
  const auto word = [&](std::string_view key) { return knowledge.word(key, language); };
  auto text = comparison.title + "\n\n" + comparison.alert.title + "\n";
  text += section(word("changed"), comparison.alert.changed);
  text += section(word("first"), comparison.alert.first);
  text += section(word("summary"), comparison.summary);
  text += both(word("when"), expected.when, got.when);
  text += both(word("fix"), expected.fix, got.fix);
  text += fmt::format("\n{}\n", word("differences"));
  for (const auto& difference : comparison.differences) {
    text += both(difference.heading, difference.expected, difference.got);
  }
  text += both(word("which_when"), expected.expect, got.expect);
  text += fmt::format("\n{}\n", word("reading"));
  for (const auto& reference : comparison.reading) {
    text +=
        fmt::format("  {}{}{}\n", reference.text, reference.url.empty() ? "" : "  ", reference.url);
  }
  return text;
}

std::string codes_text(const Knowledge& knowledge, std::string_view language) {
  constexpr std::size_t kCodeWidth = 3;
  constexpr std::size_t kEnhancedWidth = 8;
  auto text = fmt::format("{}\n", knowledge.word("codes", language));
  for (const auto& entry : knowledge.codes()) {
    text += row(std::to_string(entry.code), knowledge.code_texts(entry.code, language).name,
                kCodeWidth);
  }
  text += fmt::format("\n{}\n", knowledge.word("enhanced_codes", language));
  for (const auto& entry : knowledge.enhanced_codes()) {
    const EnhancedCode code{5, entry.subject, entry.detail};
    text += row(entry.shown(), knowledge.enhanced_texts(code, language).name, kEnhancedWidth);
  }
  text += fmt::format("\n{}\n", knowledge.word("pairs", language));
  for (const auto& [expected, got] : knowledge.pairs()) {
    text += fmt::format("  compare {} {}\n", expected, got);
  }
  return text;
}

std::string reasons_text(const Knowledge& knowledge, std::string_view language) {
  constexpr std::size_t kReasonWidth = 28;
  std::string text;
  std::string_view group;
  for (const auto& entry : knowledge.reasons()) {
    if (entry.group != group) {
      group = entry.group;
      text += fmt::format("{}{}\n", text.empty() ? "" : "\n",
                          knowledge.word(fmt::format("group_{}", group), language));
    }
    text += row(to_string(entry.reason), knowledge.reason_texts(entry.reason, language).name,
                kReasonWidth);
  }
  return text;
}

}  // namespace sre
