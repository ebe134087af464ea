#include "agent/knowledge/knowledge.h"

#include <gmock/gmock.h>

#include <set>

namespace sre {
namespace {

using testing::IsEmpty;
using testing::Not;

const Knowledge& base() { return Knowledge::built_in(); }

EnhancedCode of_class_5(const EnhancedEntry& entry) { return {5, entry.subject, entry.detail}; }

TEST(KnowledgeTexts, TellEveryCode) {
  for (const auto& entry : base().codes()) {
    const auto& texts = base().code_texts(entry.code, "en");
    EXPECT_THAT(texts.meaning, Not(IsEmpty())) << entry.code;
    EXPECT_THAT(texts.when, Not(IsEmpty())) << entry.code;
    EXPECT_THAT(texts.fix, Not(IsEmpty())) << entry.code;
  }
}

TEST(KnowledgeTexts, TellEveryEnhancedCode) {
  for (const auto& entry : base().enhanced_codes()) {
    EXPECT_THAT(base().enhanced_text(of_class_5(entry), "en"), Not(IsEmpty())) << entry.shown();
  }
}

TEST(KnowledgeTexts, TellEveryReason) {
  for (std::size_t i = 0; i < kReasonCount; ++i) {
    const auto reason = static_cast<Reason>(i);
    EXPECT_EQ(base().reason(reason).reason, reason);
    EXPECT_THAT(base().reason_texts(reason, "en").meaning, Not(IsEmpty())) << to_string(reason);
    EXPECT_THAT(base().reason_texts(reason, "en").fix, Not(IsEmpty())) << to_string(reason);
  }
}

TEST(KnowledgeTexts, NameEveryGroupOfReasons) {
  for (const auto& entry : base().reasons()) {
    const auto key = "group_" + entry.group;
    EXPECT_NE(base().word(key, "en"), key);
    EXPECT_NE(base().word(entry.seen_by, "en"), entry.seen_by);
  }
}

TEST(Knowledge, GivesEachRuleAnIdOfItsOwn) {
  std::set<std::string> ids;
  for (const auto& rule : base().rules()) EXPECT_TRUE(ids.insert(rule.id).second) << rule.id;
  EXPECT_GE(ids.size(), 150U);
}

TEST(Knowledge, NamesTheReasonOfEveryRefusalFromTheServersSide) {
  for (const auto& rule : base().rules()) {
    EXPECT_NE(base().reason(rule.reason).group, "network") << rule.id;
    EXPECT_NE(rule.reason, Reason::ok) << rule.id;
  }
}

TEST(Knowledge, FindsCodesAndEnhancedCodes) {
  ASSERT_NE(base().code(535), nullptr);
  EXPECT_EQ(base().code(535)->name, "Authentication credentials invalid");
  EXPECT_EQ(base().code(536), nullptr);
  ASSERT_NE(base().enhanced({4, 7, 8}), nullptr);
  EXPECT_EQ(base().enhanced({4, 7, 8})->shown(), "X.7.8");
  EXPECT_EQ(base().enhanced({5, 7, 999}), nullptr);
}

TEST(Knowledge, ListsTheRegistryWhole) {
  // The highest detail of each subject in the registry of RFC 5248; none below it is missing.
  const std::pair<int, int> subjects[] = {{0, 0}, {1, 10}, {2, 4},  {3, 6},
                                          {4, 7}, {5, 6},  {6, 10}, {7, 30}};
  for (const auto& [subject, highest] : subjects) {
    for (int detail = 0; detail <= highest; ++detail) {
      const EnhancedCode code{5, static_cast<std::uint16_t>(subject),
                              static_cast<std::uint16_t>(detail)};
      EXPECT_NE(base().enhanced(code), nullptr) << to_string(code);
    }
  }
}

TEST(KnowledgeLabels, ComeFromClosedSets) {
  EXPECT_EQ(base().code_label(535), "535");
  EXPECT_EQ(base().code_label(599), "5xx");
  EXPECT_EQ(base().code_label(477), "4xx");
  EXPECT_EQ(base().code_label(0), "other");
  EXPECT_EQ(base().code_label(999), "other");
  EXPECT_EQ(base().enhanced_label(EnhancedCode{5, 7, 8}), "5.7.8");
  EXPECT_EQ(base().enhanced_label(EnhancedCode{5, 7, 777}), "other");
  EXPECT_EQ(base().enhanced_label(EnhancedCode{9, 7, 8}), "other");
  EXPECT_EQ(base().enhanced_label(std::nullopt), "");
  EXPECT_EQ(base().extension_label("starttls"), "STARTTLS");
  EXPECT_EQ(base().extension_label("X-EVIL-12345"), "other");
  EXPECT_EQ(base().mechanism_label("scram-sha-256"), "SCRAM-SHA-256");
  EXPECT_EQ(base().mechanism_label("SIZE"), "other");
}

}  // namespace
}  // namespace sre
