#include "agent/cli/knowledge_text.h"

#include <gmock/gmock.h>

#include <sstream>

#include "agent/cli/paragraph.h"

namespace sre {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

const Knowledge& base() { return *Knowledge::built_in(); }

TEST(Paragraph, BreaksAtBlanksAndIndents) {
  EXPECT_EQ(paragraph("two words", 2), "  two words\n");
  EXPECT_EQ(paragraph("", 2), "");
  EXPECT_EQ(paragraph(" ", 2), "");
  const std::string word(30, 'a');
  EXPECT_EQ(paragraph(word + " " + word + " " + word, 2),
            "  " + word + " " + word + "\n  " + word + "\n");
}

TEST(Paragraph, NeverCutsAWord) {
  const std::string word(200, 'a');
  EXPECT_EQ(paragraph("b " + word + " c", 1), " b\n " + word + "\n c\n");
}

TEST(Paragraph, CountsCharactersNotBytes) {
  std::string word;
  for (int i = 0; i < 39; ++i) word += "ı";
  EXPECT_EQ(width(word), 39U);
  EXPECT_EQ(paragraph(word + " " + word, 1), " " + word + " " + word + "\n");
  EXPECT_EQ(paragraph(word + " " + word, 2), "  " + word + "\n  " + word + "\n");
}

TEST(ExplanationText, SaysEverythingUnderItsHeading) {
  const auto told = *explain(base(), "535", "en");
  const auto text = explanation_text(base(), told, "en");
  EXPECT_THAT(text, StartsWith("535 Authentication credentials invalid\n\nWhat it means\n  "));
  EXPECT_THAT(text,
              AllOf(HasSubstr("\n\nWhen you see it\n  "), HasSubstr("\n\nWhat to do\n  "),
                    HasSubstr("\nDefined in: RFC 4954 §6\n"), HasSubstr("\n\nSee also\n  X.7.")));
}

TEST(ExplanationText, NamesTheRuleThatReadAReply) {
  const auto told = *explain(base(), "535 5.7.8 Error: authentication failed", "en");
  EXPECT_THAT(explanation_text(base(), told, "en"), HasSubstr("\nRule: login-refused\n"));
}

TEST(ComparisonText, BeginsWithWhatToDo) {
  const auto comparison = *compare(base(), "235", "535", "en");
  const auto text = comparison_text(base(), comparison, "en");
  EXPECT_THAT(text, AllOf(HasSubstr("\nExpected 235, got 535\n"),
                          HasSubstr("\nWhat to do first\n  "), HasSubstr("\nKey differences\n"),
                          HasSubstr("\nClass\n  235: positive completion reply (2yz)\n  535: "),
                          HasSubstr("  RFC 4954 §6  https://www.rfc-editor.org/rfc/rfc4954")));
}

TEST(CodesText, ListsEveryCodeAndEveryPair) {
  const auto text = codes_text(base(), "en");
  EXPECT_THAT(text, StartsWith("Reply codes\n  211  "));
  EXPECT_THAT(text, AllOf(HasSubstr("\n  535  Authentication credentials invalid\n"),
                          HasSubstr("\n  X.7.8     Authentication credentials invalid\n"),
                          HasSubstr("\n  compare 235 535\n")));
}

TEST(ReasonsText, ListsEveryReasonUnderItsGroup) {
  const auto text = reasons_text(base(), "en");
  EXPECT_THAT(text, HasSubstr("\n\nLogin\n  auth_required "));
  for (const auto& entry : base().reasons()) {
    EXPECT_THAT(text, HasSubstr("\n  " + std::string(to_string(entry.reason)) + " "));
  }
}

TEST(KnowledgeText, KeepsToTheWidthOfATerminal) {
  for (const auto language : base().languages()) {
    std::string all = codes_text(base(), language) + reasons_text(base(), language);
    for (const auto& entry : base().codes()) {
      const auto told = *explain(base(), std::to_string(entry.code), language);
      all += explanation_text(base(), told, language);
    }
    std::istringstream lines(all);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(width(line), 100U) << line;
  }
}

}  // namespace
}  // namespace sre
