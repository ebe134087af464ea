#include "agent/verdict/standing.h"

#include <gmock/gmock.h>

namespace sre {
namespace {

using std::chrono::seconds;

Run run_at(int second, bool passed, int code, Reason reason) {
  Run run;
  run.transcript.started = WallTime{seconds{second}};
  run.transcript.duration = seconds{2};
  run.verdict.passed = passed;
  run.verdict.reason = reason;
  if (code != 0) {
    run.verdict.reply.emplace();
    run.verdict.reply->code = code;
  }
  return run;
}

Run pass_at(int second) { return run_at(second, true, 235, Reason::ok); }
Run fail_at(int second) { return run_at(second, false, 535, Reason::auth_credentials_invalid); }

TEST(Standing, BeginsWithNoRunAndNoRegression) {
  EXPECT_FALSE(Standing{}.passing);
  EXPECT_FALSE(Standing{}.regression());
}

TEST(Standing, TakesTheFirstRunForAChange) {
  const Standing standing = advance({}, pass_at(10));
  EXPECT_TRUE(standing.passing);
  EXPECT_TRUE(standing.ever_passed);
  EXPECT_EQ(standing.last_run, WallTime{seconds{12}}) << "when the run ended";
  EXPECT_EQ(standing.last_success, WallTime{seconds{12}});
  EXPECT_EQ(standing.last_change, WallTime{seconds{12}});
  EXPECT_EQ(standing.code, 235);
  EXPECT_EQ(standing.reason, Reason::ok);
  EXPECT_EQ(advance({}, fail_at(10)).last_change, WallTime{seconds{12}});
}

TEST(Standing, KnowsTimesAsExactlyAsTheStateFileDoes) {
  auto run = pass_at(10);
  run.transcript.duration = std::chrono::microseconds{2'345'678};
  const Standing standing = advance({}, run);
  EXPECT_EQ(standing.last_run, WallTime{std::chrono::milliseconds{12'345}});
  EXPECT_EQ(standing.last_change, standing.last_run);
}

TEST(Standing, CountsFailuresInARowUntilAPass) {
  Standing standing = advance({}, pass_at(10));
  standing = advance(standing, fail_at(20));
  standing = advance(standing, fail_at(30));
  EXPECT_EQ(standing.consecutive_failures, 2U);
  EXPECT_EQ(standing.last_change, WallTime{seconds{22}}) << "the second failure changes nothing";
  EXPECT_EQ(standing.last_success, WallTime{seconds{12}});
  EXPECT_EQ(standing.last_run, WallTime{seconds{32}});
  standing = advance(standing, pass_at(40));
  EXPECT_EQ(standing.consecutive_failures, 0U);
  EXPECT_EQ(standing.last_change, WallTime{seconds{42}});
}

TEST(Standing, CallsAFailureARegressionOnlyAfterAPass) {
  const Standing never = advance(advance({}, fail_at(10)), fail_at(20));
  EXPECT_FALSE(never.regression());
  const Standing passed = advance(never, pass_at(30));
  EXPECT_FALSE(passed.regression());
  const Standing fell = advance(passed, fail_at(40));
  EXPECT_TRUE(fell.regression());
  EXPECT_TRUE(advance(fell, fail_at(50)).regression()) << "until it passes again";
}

TEST(Standing, HasNoCodeWhereNoReplyDecided) {
  const auto lost = run_at(20, false, 0, Reason::connection_lost);
  EXPECT_EQ(advance(advance({}, pass_at(10)), lost).code, 0);
}

TEST(Transition, IsTheFirstRunAndEveryOtherVerdictCodeOrReason) {
  const Standing passed = advance({}, pass_at(10));
  EXPECT_TRUE(is_transition({}, passed));
  EXPECT_FALSE(is_transition(passed, advance(passed, pass_at(20))));
  const Standing failed = advance(passed, fail_at(20));
  EXPECT_TRUE(is_transition(passed, failed));
  EXPECT_FALSE(is_transition(failed, advance(failed, fail_at(30))));
  EXPECT_TRUE(is_transition(
      failed, advance(failed, run_at(30, false, 534, Reason::auth_credentials_invalid))));
  EXPECT_TRUE(is_transition(
      failed, advance(failed, run_at(30, false, 535, Reason::auth_account_disabled))));
}

}  // namespace
}  // namespace sre
