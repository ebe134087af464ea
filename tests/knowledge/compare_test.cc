#include "agent/knowledge/compare.h"

#include <gmock/gmock.h>

namespace sre {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Result<Comparison> compared(std::string_view expected, std::string_view got) {
  return compare(*Knowledge::built_in(), expected, got, "en");
}

TEST(Compare, SetsTwoCodesSideBySide) {
  const auto comparison = compared("235", "535");
  ASSERT_TRUE(comparison);
  EXPECT_EQ(comparison->expected.key, "235");
  EXPECT_EQ(comparison->got.key, "535");
  EXPECT_THAT(comparison->summary, HasSubstr(comparison->expected.meaning));
  EXPECT_THAT(comparison->summary, HasSubstr(comparison->got.meaning));
  EXPECT_THAT(comparison->summary, HasSubstr("positive completion reply (2yz)"));
  EXPECT_EQ(comparison->alert.title, "Expected 235, got 535");
}

TEST(Compare, NamesOnlyWhatDiffers) {
  const auto of_one_phase = *compared("235", "535");
  for (const auto& difference : of_one_phase.differences) {
    EXPECT_NE(difference.key, "phases") << "both answer AUTH";
    EXPECT_NE(difference.expected, difference.got) << difference.key;
  }
  ASSERT_FALSE(of_one_phase.differences.empty());
  EXPECT_EQ(of_one_phase.differences.front().key, "class");
}

TEST(Compare, HasARemarkOfItsOwnForThePairsThatChecksMeet) {
  for (const auto& [expected, got] : Knowledge::built_in()->pairs()) {
    const auto comparison = compared(std::to_string(expected), std::to_string(got));
    ASSERT_TRUE(comparison);
    const auto& texts = Knowledge::built_in()->pair_texts({expected, got}, "en");
    EXPECT_EQ(comparison->alert.changed, texts.changed);
    EXPECT_EQ(comparison->alert.first, texts.first);
  }
}

TEST(Compare, ReadsAnyOtherPairByTheReasonOfTheCodeThatCame) {
  const auto& reason = Knowledge::built_in()->reason_texts(Reason::storage_full, "en");
  const auto comparison = *compared("354", "431");
  EXPECT_EQ(comparison.alert.reason, Reason::storage_full);
  EXPECT_EQ(comparison.alert.changed, reason.meaning);
  EXPECT_EQ(comparison.alert.first, reason.fix);
}

TEST(Compare, TakesThePhaseThatBothCodesAnswer) {
  EXPECT_EQ(compared("235", "454")->alert.reason, Reason::auth_temporary_failure);
  EXPECT_EQ(compared("220", "454")->alert.reason, Reason::starttls_unavailable);
  EXPECT_EQ(compared("220", "554")->alert.reason, Reason::no_mail_service);
}

TEST(Compare, TellsAnOpenDoorFromAClosedOne) {
  EXPECT_EQ(compared("535", "235")->alert.reason, Reason::unexpected_acceptance);
  EXPECT_EQ(compared("235", "535")->alert.reason, Reason::auth_credentials_invalid);
  EXPECT_EQ(compared("250", "251")->alert.reason, Reason::unexpected_reply);
}

TEST(Compare, NamesEachSourceOnce) {
  const auto comparison = *compared("235", "535");
  ASSERT_EQ(comparison.reading.size(), 1U);
  EXPECT_EQ(comparison.reading.front().text, "RFC 4954 §6");
}

TEST(Compare, TakesAnyTwoCodes) {
  for (const auto& a : Knowledge::built_in()->codes()) {
    for (const auto& b : Knowledge::built_in()->codes()) {
      if (a.code == b.code) continue;
      const auto comparison = compared(std::to_string(a.code), std::to_string(b.code));
      ASSERT_TRUE(comparison) << a.code << " " << b.code;
      EXPECT_THAT(comparison->alert.changed, Not(IsEmpty())) << a.code << " " << b.code;
      EXPECT_THAT(comparison->alert.first, Not(IsEmpty())) << a.code << " " << b.code;
    }
  }
}

TEST(Compare, SaysWhatItCannotCompare) {
  EXPECT_EQ(compared("235", "536").error().message,
            "536 is not a known reply code; a client treats it as any other 5xx. The nearest known "
            "one is 535");
  EXPECT_EQ(compared("5.7.8", "235").error().message,
            "5.7.8 is no SMTP reply code; they run from 200 to 599");
  EXPECT_EQ(compared("235", "235").error().message,
            "235 is not compared with itself; name two codes");
}

TEST(FilledIn, KeepsWhatHasNoValue) {
  KnowledgeData data;
  data.texts["en"].words = {{"open", "{a} {b"}, {"sentence", "{b} {a} {c}{"}};
  const Knowledge knowledge(std::move(data));
  EXPECT_EQ(filled_in(knowledge, "open", "en", {{"a", "1"}, {"b", "2"}}), "1 {b");
  EXPECT_EQ(filled_in(knowledge, "sentence", "en", {{"a", "1"}, {"b", "{a}"}}), "{a} 1 {c}{");
}

}  // namespace
}  // namespace sre
