#include "agent/knowledge/pattern_index.h"

#include <gmock/gmock.h>

#include "agent/knowledge/knowledge.h"

namespace sre {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(PatternIndex, RulesOutWhatCannotFit) {
  const PatternIndex index({"mailbox (is )?full", "relay\\w* denied", "user.{0,9}unknown"});
  EXPECT_THAT(index.candidates("452 Mailbox is full"), ElementsAre(0));
  EXPECT_THAT(index.candidates("452 it is well"), IsEmpty());
  EXPECT_TRUE(index.fits(0, "452 Mailbox is full"));
  EXPECT_FALSE(index.fits(1, "452 Mailbox is full"));
}

TEST(PatternIndex, KeepsTheOrderOfThePatterns) {
  const PatternIndex index({"denied", "relay", "access"});
  EXPECT_THAT(index.candidates("Access denied by the relay"), ElementsAre(0, 1, 2));
}

TEST(PatternIndex, TriesPatternsThatNeedNoWord) {
  const PatternIndex index({"\\d{3}", "a|b", "spam"});
  EXPECT_THAT(index.candidates("123"), Contains(0));
  EXPECT_THAT(index.candidates("B"), Contains(1));
}

TEST(PatternIndex, MayBeEmpty) { EXPECT_THAT(PatternIndex({}).candidates("any"), IsEmpty()); }

TEST(PatternIndex, ReadsBytesThatAreNoText) {
  const PatternIndex index({"bo\xC3\xAEte.{1,4}pleine"});
  const std::string text = "BO\xC3\xAETE \xFF\xFE pleine";
  EXPECT_THAT(index.candidates(text), ElementsAre(0));
  EXPECT_TRUE(index.fits(0, text));
}

// What is ruled out must not fit: asked of every rule, with the texts of the knowledge base itself
// (which speak of everything that servers speak of) as they are.
TEST(PatternIndex, NeverRulesOutWhatFits) {
  const auto& knowledge = *Knowledge::built_in();
  std::vector<std::string> patterns;
  for (const auto& rule : knowledge.rules()) {
    if (!rule.text.empty()) patterns.push_back(rule.text);
  }
  const PatternIndex index(patterns);
  std::vector<std::string> texts = patterns;  // a pattern's own text has its words
  for (const auto& reason : knowledge.reasons()) {
    const auto& told = knowledge.reason_texts(reason.reason, "en");
    texts.push_back(told.meaning + " " + told.fix);
  }
  for (const auto& code : knowledge.codes()) {
    const auto& told = knowledge.code_texts(code.code, "en");
    texts.push_back(told.name + " " + told.meaning + " " + told.when + " " + told.fix);
  }
  std::size_t fitting = 0;
  for (const auto& text : texts) {
    const auto candidates = index.candidates(text);
    for (int i = 0; i < static_cast<int>(patterns.size()); ++i) {
      if (!index.fits(i, text)) continue;
      ++fitting;
      EXPECT_THAT(candidates, Contains(i)) << text;
    }
  }
  EXPECT_GT(fitting, 200U) << "else the test tries nothing";
}

}  // namespace
}  // namespace sre
