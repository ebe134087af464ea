#include "agent/knowledge/pattern.h"

#include <gmock/gmock.h>

namespace sre {
namespace {

using testing::ElementsAre;

TEST(CodePattern, ReadsACodeAClassAndARange) {
  EXPECT_TRUE(parse_code_pattern("535")->matches(535));
  EXPECT_FALSE(parse_code_pattern("535")->matches(534));
  EXPECT_TRUE(parse_code_pattern("5xx")->matches(599));
  EXPECT_FALSE(parse_code_pattern("5xx")->matches(499));
  EXPECT_TRUE(parse_code_pattern("550-559")->matches(553));
}

TEST(CodePattern, RefusesWhatIsNoReplyCode) {
  for (const auto* text : {"", "53", "199", "600", "1xx", "6xx", "5x", "559-550", "55a", "-"}) {
    EXPECT_FALSE(parse_code_pattern(text)) << text;
  }
}

TEST(EnhancedPattern, ReadsOneSeveralAndAllDetails) {
  EXPECT_TRUE(parse_enhanced_pattern("5.7.8")->matches({5, 7, 8}));
  EXPECT_FALSE(parse_enhanced_pattern("5.7.8")->matches({4, 7, 8}));
  EXPECT_TRUE(parse_enhanced_pattern("X.7.8")->matches({4, 7, 8}));
  EXPECT_TRUE(parse_enhanced_pattern("X.7.606-649")->matches({5, 7, 649}));
  EXPECT_FALSE(parse_enhanced_pattern("X.7.606-649")->matches({5, 7, 650}));
  EXPECT_TRUE(parse_enhanced_pattern("5.7.*")->matches({5, 7, 139}));
  EXPECT_FALSE(parse_enhanced_pattern("5.7.*")->matches({5, 1, 1}));
}

TEST(EnhancedPattern, RefusesWhatIsNone) {
  for (const auto* text :
       {"", "5.7", "3.7.8", "0.7.8", "X.7.8.1", "5.7.9-8", "5.7.1000", "a.b.c"}) {
    EXPECT_FALSE(parse_enhanced_pattern(text)) << text;
  }
}

TEST(PhaseSet, KnowsPhasesAndTheUnknownOne) {
  const auto phases = parse_phases("mail,unknown");
  ASSERT_TRUE(phases);
  EXPECT_TRUE(phases->contains(Phase::mail));
  EXPECT_TRUE(phases->contains(std::nullopt));
  EXPECT_FALSE(phases->contains(Phase::rcpt));
  EXPECT_FALSE(parse_phases("mail,eod"));
}

TEST(ReasonChoice, TakesTheFirstConditionThatHolds) {
  const auto choice =
      ReasonChoice::parse("auth=auth_required 530=starttls_required 4=server_busy ok");
  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->choose(Phase::auth, 530, 5), Reason::auth_required);
  EXPECT_EQ(choice->choose(Phase::mail, 530, 5), Reason::starttls_required);
  EXPECT_EQ(choice->choose(std::nullopt, 451, 4), Reason::server_busy);
  EXPECT_EQ(choice->choose(std::nullopt, 550, 5), Reason::ok);
  EXPECT_THAT(choice->all(), ElementsAre(Reason::ok, Reason::auth_required,
                                         Reason::starttls_required, Reason::server_busy));
}

TEST(ReasonChoice, SaysWhatIsWrong) {
  EXPECT_EQ(ReasonChoice::parse("auth=auth_required").error().message,
            "the reason without condition is missing at the end");
  EXPECT_EQ(ReasonChoice::parse("ok auth=auth_required").error().message,
            "the reason without condition must come last, and only once");
  EXPECT_EQ(ReasonChoice::parse("auth_requierd").error().message,
            "there is no reason \"auth_requierd\"; did you mean auth_required?");
  EXPECT_EQ(
      ReasonChoice::parse("login=auth_required ok").error().message,
      "\"login=\" is no condition; write a phase, a code or a class: auth=..., 530=..., 4=...");
}

}  // namespace
}  // namespace sre
