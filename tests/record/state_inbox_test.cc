#include "agent/record/state_inbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sre {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

constexpr Instant kStart{};

Standing nth(std::uint32_t failures) {
  Standing standing;
  standing.consecutive_failures = failures;
  return standing;
}

class StateInboxTest : public ::testing::Test {
 protected:
  StateInbox inbox{1min, 4, kStart};
  const Transition change{WallTime{1s}, false, 535, Reason::auth_credentials_invalid};
};

TEST_F(StateInboxTest, ATransitionIsDueAtOnce) {
  inbox.save("a", nth(1), change);
  const auto batch = inbox.take(kStart, false);
  EXPECT_THAT(batch.standings(), ElementsAre(Pair("a", nth(1))));
  ASSERT_EQ(batch.transitions().size(), 1U);
  EXPECT_EQ(batch.transitions()[0].transition, change);
  EXPECT_TRUE(inbox.take(kStart, true).empty());
}

TEST_F(StateInboxTest, TimesAloneWaitAMinuteAndAreWrittenOnce) {
  inbox.save("a", nth(1), std::nullopt);
  EXPECT_TRUE(inbox.take(kStart + 59s, false).empty());
  inbox.save("a", nth(2), std::nullopt);
  EXPECT_THAT(inbox.take(kStart + 60s, false).standings(), ElementsAre(Pair("a", nth(2))));
  inbox.save("a", nth(3), std::nullopt);
  EXPECT_TRUE(inbox.take(kStart + 119s, false).empty());
}

TEST_F(StateInboxTest, TakesEverythingWhenAsked) {
  inbox.save("a", nth(1), std::nullopt);
  EXPECT_FALSE(inbox.take(kStart, true).empty());
}

TEST_F(StateInboxTest, AnOlderStandingNeverOverwritesANewerOne) {
  inbox.save("a", nth(1), std::nullopt);
  inbox.save("a", nth(2), change);
  inbox.save("a", nth(3), std::nullopt);
  EXPECT_THAT(inbox.take(kStart, false).standings(), ElementsAre(Pair("a", nth(3))));
  EXPECT_TRUE(inbox.take(kStart, true).empty());
}

TEST_F(StateInboxTest, ForgetTakesBackWhatWaits) {
  inbox.save("a", nth(1), std::nullopt);
  inbox.save("b", nth(1), change);
  inbox.forget({"a", "b"});
  const auto batch = inbox.take(kStart, true);
  EXPECT_THAT(batch.standings(), IsEmpty());
  EXPECT_THAT(batch.transitions(), IsEmpty());
  EXPECT_THAT(batch.forgotten(), UnorderedElementsAre("a", "b"));
}

TEST_F(StateInboxTest, ACheckThatComesBackIsKept) {
  inbox.forget({"a"});
  inbox.save("a", nth(1), std::nullopt);
  const auto batch = inbox.take(kStart, true);
  EXPECT_THAT(batch.standings(), ElementsAre(Pair("a", nth(1))));
  EXPECT_THAT(batch.forgotten(), ElementsAre("a"));
}

TEST_F(StateInboxTest, DropsTheOldestTransitionsBeyondItsBound) {
  for (std::uint32_t i = 0; i < 100; ++i) {
    auto at = change;
    at.at = WallTime{std::chrono::seconds{i}};
    inbox.save("a", nth(i), at);
  }
  const auto batch = inbox.take(kStart, false);
  EXPECT_LE(batch.transitions().size(), 4U);
  EXPECT_EQ(batch.transitions().back().transition.at, WallTime{99s});
  EXPECT_THAT(batch.standings(), ElementsAre(Pair("a", nth(99))));
}

TEST(StateBatch, AppendAppliesTheLaterForgettingFirst) {
  StateBatch earlier;
  earlier.save("a", nth(1));
  earlier.save("b", nth(1));
  StateBatch later;
  later.forget({"a"});
  later.save("b", nth(2));
  earlier.append(later);
  EXPECT_THAT(earlier.standings(), ElementsAre(Pair("b", nth(2))));
  EXPECT_THAT(earlier.forgotten(), ElementsAre("a"));
}

}  // namespace
}  // namespace sre
