#include "agent/record/record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <thread>
#include <vector>

#include "agent/record/kept_run.h"
#include "tests/record/runs.h"

namespace sre {
namespace {

using namespace std::chrono_literals;
using testing::failed;
using testing::make_check;
using testing::make_run;
using testing::ManualClock;
using testing::passed;

class RecordTest : public ::testing::Test {
 protected:
  RecordTest() { record.replace(std::array{login}); }

  const CheckPtr login = make_check("corp", "login");
  const CheckPtr tls = make_check("corp", "tls", Kind::tls);
  Record record;
};

TEST_F(RecordTest, HasAViewOfACheckBeforeItsFirstRun) {
  const auto overview = record.overview();
  ASSERT_EQ(overview.size(), 1U);
  EXPECT_EQ(overview[0].check, login);
  EXPECT_EQ(overview[0].latest, nullptr);
  EXPECT_FALSE(overview[0].standing.last_run);
}

TEST_F(RecordTest, AddReturnsAndKeepsTheNewStanding) {
  record.add(passed(login, 1min));
  const auto bad = failed(login, 2min);
  const auto standing = record.add(bad);
  EXPECT_TRUE(standing.regression());
  EXPECT_EQ(standing.last_change, ManualClock::kStart + 2min);
  const auto history = record.history("corp/login");
  ASSERT_TRUE(history);
  EXPECT_EQ(history->view.standing, standing);
  EXPECT_EQ(history->view.latest, bad);
}

TEST_F(RecordTest, OverviewKeepsTheOrderOfTheConfiguration) {
  record.replace(std::array{tls, login});
  const auto overview = record.overview();
  ASSERT_EQ(overview.size(), 2U);
  EXPECT_EQ(overview[0].check, tls);
  EXPECT_EQ(overview[1].check, login);
}

TEST_F(RecordTest, KeepsTheLastThreeFailuresNewestFirst) {
  std::vector<RunPtr> bad;
  for (int i = 0; i < 5; ++i) bad.push_back(failed(login, i * 1min));
  for (const auto& run : bad) record.add(run);
  record.add(passed(login, 9min));
  EXPECT_THAT(record.history("corp/login")->failures,
              ::testing::ElementsAre(bad[4], bad[3], bad[2]));
}

TEST_F(RecordTest, KeepsTheLastTwentyRunsAsLines) {
  for (int i = 0; i < 30; ++i) record.add(passed(login, i * 1min));
  const auto runs = record.history("corp/login")->runs;
  ASSERT_EQ(runs.size(), Record::kRuns);
  EXPECT_EQ(runs.front(), (RunLine{.at = ManualClock::kStart + 29min,
                                   .duration = 250ms,
                                   .passed = true,
                                   .phase = Phase::auth,
                                   .code = 235,
                                   .reason = Reason::ok}));
  EXPECT_EQ(runs.back().at, ManualClock::kStart + 10min);
}

TEST_F(RecordTest, TellsATransitionByVerdictCodeOrReason) {
  record.add(passed(login, 1min));
  record.add(passed(login, 2min));
  record.add(failed(login, 3min));
  record.add(failed(login, 4min, Reason::auth_account_disabled));
  record.add(failed(login, 5min, Reason::auth_account_disabled));
  const auto transitions = record.history("corp/login")->transitions;
  EXPECT_THAT(
      transitions,
      ::testing::ElementsAre(
          Transition{ManualClock::kStart + 4min, false, 535, Reason::auth_account_disabled},
          Transition{ManualClock::kStart + 3min, false, 535, Reason::auth_credentials_invalid},
          Transition{ManualClock::kStart + 1min, true, 235, Reason::ok}));
}

TEST_F(RecordTest, KeepsTheLastFiftyTransitions) {
  for (int i = 0; i < 60; ++i) {
    record.add(i % 2 == 0 ? passed(login, i * 1min) : failed(login, i * 1min));
  }
  const auto transitions = record.history("corp/login")->transitions;
  ASSERT_EQ(transitions.size(), Record::kTransitions);
  EXPECT_EQ(transitions.front().at, ManualClock::kStart + 59min);
}

TEST_F(RecordTest, AReloadKeepsAllOfACheckWithTheSameId) {
  record.add(failed(login, 1min));
  const auto changed = make_check("corp", "login", Kind::login_refused);
  record.replace(std::array{tls, changed});
  const auto history = record.history("corp/login");
  ASSERT_TRUE(history);
  EXPECT_EQ(history->view.check, changed);
  EXPECT_EQ(history->view.standing.consecutive_failures, 1U);
  EXPECT_EQ(history->failures.size(), 1U);
  EXPECT_EQ(history->runs.size(), 1U);
}

TEST_F(RecordTest, ACheckThatIsGoneTakesItsMemoryWithIt) {
  record.add(failed(login, 1min));
  record.replace(std::array{tls});
  EXPECT_FALSE(record.history("corp/login"));
  record.replace(std::array{login});
  const auto history = record.history("corp/login");
  EXPECT_TRUE(history->failures.empty());
  EXPECT_TRUE(history->runs.empty());
  EXPECT_FALSE(history->view.standing.last_run);
}

TEST_F(RecordTest, ARunThatEndsAfterItsCheckWasRemovedLeavesNoTrace) {
  record.replace(std::array{tls});
  const auto standing = record.add(failed(login, 1min));
  EXPECT_EQ(standing.consecutive_failures, 1U);
  EXPECT_FALSE(record.history("corp/login"));
  EXPECT_EQ(record.overview().size(), 1U);
}

TEST_F(RecordTest, AServerThatTalksWithoutEndCostsLittleMemory) {
  auto loud = make_run(login, 1min, "535 5.7.8 wrong", Reason::auth_credentials_invalid);
  Reply endless;
  endless.code = 250;
  endless.lines.assign(512, std::string(128, 'x'));
  loud.transcript.steps.assign(100, {.phase = Phase::ehlo, .command = "EHLO a", .reply = endless});
  loud.verdict.reply = endless;
  record.add(std::make_shared<const sre::Run>(loud));
  const auto kept = record.history("corp/login")->view.latest;
  EXPECT_LT(text_size(*kept), std::size_t{64} * 1024);
  EXPECT_EQ(kept->verdict.reply->code, 250);
  EXPECT_EQ(kept->transcript.steps.front().reply->lines.back(), "[cut]");
}

TEST_F(RecordTest, MayBeReadWhileItIsWritten) {
  constexpr int kRounds = 500;
  std::thread writer([&] {
    for (int i = 0; i < kRounds; ++i) record.add(failed(login, i * 1s));
  });
  std::thread reloader([&] {
    for (int i = 0; i < kRounds; ++i) record.replace(std::array{login, tls});
  });
  std::uint32_t last = 0;
  for (int i = 0; i < kRounds; ++i) {
    const auto view = record.overview().front();
    EXPECT_GE(view.standing.consecutive_failures, last);
    last = view.standing.consecutive_failures;
    EXPECT_LE(record.history("corp/login")->failures.size(), 3U);
  }
  writer.join();
  reloader.join();
  EXPECT_EQ(record.overview().front().standing.consecutive_failures, std::uint32_t{kRounds});
}

}  // namespace
}  // namespace sre
