#include "agent/knowledge/knowledge.h"

#include <gmock/gmock.h>

#include <set>

namespace sre {
namespace {

using testing::IsEmpty;
using testing::Not;

const Knowledge& base() { return *Knowledge::built_in(); }

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
  EXPECT_THAT(base().code(535)->defined_in, testing::ElementsAre("RFC 4954 6"));
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
