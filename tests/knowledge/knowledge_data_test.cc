#include "agent/knowledge/knowledge_data.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace sre {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

// The built-in files with one of them replaced or added.
std::vector<KnowledgeFile> files_with(const std::string& name, const std::string& text) {
  auto files = built_in_files();
  std::erase_if(files, [&](const KnowledgeFile& file) { return file.name == name; });
  files.push_back({name, text, name});
  return files;
}

std::string text_of(const std::string& name) {
  for (const auto& file : built_in_files()) {
    if (file.name == name) return file.text;
  }
  return {};
}

// The problems that reading finds when `name` holds `text`.
std::string problems(const std::string& name, const std::string& text) {
  const auto data = read_knowledge(files_with(name, text));
  return data ? "" : data.error().message;
}

TEST(KnowledgeData, ReadsTheBuiltInFilesWithoutAProblem) {
  const auto data = read_knowledge(built_in_files());
  ASSERT_TRUE(data) << data.error().message;
  EXPECT_GE(data->codes.size(), 60U);
  EXPECT_GE(data->enhanced.size(), 81U);
  EXPECT_EQ(data->reasons.size(), kReasonCount);
}

TEST(KnowledgeData, RefusesACodeOutsideTheRange) {
  EXPECT_EQ(problems("codes.tsv", text_of("codes.tsv") + "620\td\tany\tclient\tok\n"),
            "codes.tsv:73: \"620\" is no reply code; write three digits from 200 to 599");
}

TEST(KnowledgeData, RefusesACodeListedTwice) {
  EXPECT_EQ(problems("codes.tsv", text_of("codes.tsv") + "535\td\tany\tclient\tok\n"),
            "codes.tsv:73: 535 is listed twice; keep one line");
}

TEST(KnowledgeData, RefusesAFaultOfSomebodyUnknown) {
  EXPECT_THAT(problems("codes.tsv", text_of("codes.tsv") + "590\td\tany\tclient,ghost\tok\n"),
              HasSubstr("codes.tsv:73: \"ghost\" is nobody whose fault it can be; write one or "
                        "more of nobody, client, server, account, sender, recipient, message, "
                        "policy"));
}

TEST(KnowledgeData, RefusesAPairOfUnknownOrEqualCodes) {
  EXPECT_EQ(problems("fr/pairs.tsv",
                     "235\t536\tc\tf\n536\t235\tc\tf\n235\t235\tc\tf\n235\t530\tc\tf\n"
                     "235\t530\tc\tf\n"),
            "fr/pairs.tsv:1: 536 is not in codes.tsv; add it there first\n"
            "fr/pairs.tsv:2: 536 is not in codes.tsv; add it there first\n"
            "fr/pairs.tsv:3: a code is not compared with itself; write two codes\n"
            "fr/pairs.tsv:5: 235 and 530 are told twice; keep one line");
}

TEST(KnowledgeData, RefusesAPhaseThatDoesNotExist) {
  EXPECT_EQ(problems("codes.tsv", text_of("codes.tsv") + "590\td\tgreeting\tclient\tok\n"),
            "codes.tsv:73: there is no phase \"greeting\"; the phases of a reply are banner, ehlo, "
            "starttls, auth, mail, rcpt, data, message, quit, and unknown\n"
            "en/codes.tsv: no text for 590; add a line for it");
}

TEST(KnowledgeData, RefusesAnEnhancedCodeWithAClass) {
  EXPECT_EQ(
      problems("enhanced.tsv", text_of("enhanced.tsv") + "5.7.8\t-\tr\tclear\tok\n"),
      "enhanced.tsv:94: \"5.7.8\" is no enhanced code; write it as X.7.8: the table holds for "
      "every class");
}

TEST(KnowledgeData, RefusesAnEnhancedCodeNeitherVagueNorClear) {
  EXPECT_THAT(problems("enhanced.tsv", text_of("enhanced.tsv") + "X.9.9\t-\tr\tmaybe\tok\n"),
              HasSubstr("enhanced.tsv:94: column \"says\" is \"maybe\"; write vague or clear"));
}

TEST(KnowledgeData, WantsEveryReasonOnce) {
  auto text = text_of("reasons.tsv");
  const auto at = text.find("greylisted\t");
  text.erase(at, text.find('\n', at) - at + 1);
  EXPECT_EQ(problems("reasons.tsv", text),
            "reasons.tsv: the reason greylisted is missing; add a line for it");
}

TEST(KnowledgeData, RefusesAReasonOutsideTheClosedSet) {
  EXPECT_EQ(problems("reasons.tsv", text_of("reasons.tsv") + "too_cold\tx\tserver\t-\n"),
            "reasons.tsv:97: \"too_cold\" is no reason; the set of reasons is closed, each stands "
            "here once");
}

TEST(KnowledgeData, RefusesAPatternThatIsNoExpression) {
  EXPECT_THAT(problems("rules/00-local.tsv", "a\tok\t-\tuser (unknown\n"),
              HasSubstr("rules/00-local.tsv:1: the pattern is not valid: missing )"));
}

TEST(KnowledgeData, RefusesRulesThatNameWhatDoesNotExist) {
  EXPECT_EQ(
      problems("rules/00-local.tsv",
               "# local rules\n"
               "a\tmailbox_ful\t-\tx\n"
               "b\tok\tprovider=acme\tx\n"
               "c\tok\tcode=5yz\tx\n"
               "d\tok\tenhanced=7\tx\n"
               "e\tok\twhen=auth\tx\n"
               "e\tok\t-\tx\n"
               "f\tok\t-\t-\n"),
      "rules/00-local.tsv:2: there is no reason \"mailbox_ful\"; did you mean mailbox_full?\n"
      "rules/00-local.tsv:3: there is no provider \"acme\" in providers.tsv; add it there\n"
      "rules/00-local.tsv:4: \"5yz\" is no reply code; write 535, 5xx or 550-559 (200 to "
      "599)\n"
      "rules/00-local.tsv:5: \"7\" is no enhanced code; write 5.7.8, X.7.8, 5.7.* or "
      "X.7.606-649\n"
      "rules/00-local.tsv:6: \"when=auth\" is no condition; write provider=, phase=, code= or "
      "enhanced=, or - for none\n"
      "rules/00-local.tsv:7: the id \"e\" is used twice; every rule needs its own\n"
      "rules/00-local.tsv:8: a rule without condition and without text would match all");
}

TEST(KnowledgeData, RefusesAKeywordOfAnUnknownKind) {
  EXPECT_EQ(problems("keywords.tsv", "verb\tNOOP\tRFC 5321\n"),
            "keywords.tsv:1: \"verb\" is no kind; write extension or mechanism");
}

TEST(KnowledgeData, RefusesATableOfAnUnknownName) {
  EXPECT_EQ(problems("code.tsv", ""),
            "code.tsv: there is no table of this name; the tables are codes.tsv, enhanced.tsv, "
            "reasons.tsv, providers.tsv, keywords.tsv");
  EXPECT_EQ(problems("fr/code.tsv", ""),
            "fr/code.tsv: a language holds codes.tsv, enhanced.tsv, pairs.tsv, reasons.tsv and "
            "words.tsv, "
            "nothing else");
}

TEST(KnowledgeData, RefusesTextsForWhatIsNotListed) {
  EXPECT_EQ(
      problems("fr/codes.tsv", "536\tn\tm\tw\tf\t-\n535\tn\tm\tw\tf\t-\n535\tn\tm\tw\tf\t-\n"),
      "fr/codes.tsv:1: 536 is not in codes.tsv; add it there first\n"
      "fr/codes.tsv:3: 535 is told twice; keep one line");
  EXPECT_EQ(problems("fr/enhanced.tsv", "5.7.8\tn\tm\n"),
            "fr/enhanced.tsv:1: 5.7.8 is not in enhanced.tsv; add it there first");
  EXPECT_EQ(problems("fr/reasons.tsv", "too_cold\tn\tm\tf\n"),
            "fr/reasons.tsv:1: there is no reason \"too_cold\"; see reasons.tsv");
}

TEST(KnowledgeData, WantsEnglishComplete) {
  const auto found = problems("en/words.tsv", "language\tEnglish\n");
  EXPECT_THAT(found, IsEmpty()) << "a missing heading is shown by its key";
  EXPECT_THAT(problems("en/codes.tsv", "# nothing\n"),
              HasSubstr("en/codes.tsv: no text for 535; add a line for it"));
  EXPECT_THAT(problems("en/enhanced.tsv", "# nothing\n"),
              HasSubstr("en/enhanced.tsv: no text for X.7.8; add a line for it"));
}

TEST(KnowledgeData, NamesAMissingTable) {
  auto files = built_in_files();
  std::erase_if(files, [](const KnowledgeFile& file) { return file.name == "keywords.tsv"; });
  EXPECT_EQ(read_knowledge(files).error().message, "keywords.tsv: the file is missing");
}

}  // namespace
}  // namespace sre
