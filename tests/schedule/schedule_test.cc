#include "agent/schedule/schedule.h"

#include <fmt/format.h>

#include <algorithm>

#include "tests/schedule/fixture.h"

namespace sre {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

TEST_F(ScheduleTest, SpreadsFiveThousandChecksEvenlyFromTheFirstSecond) {
  schedule.replace(make_checks(5000), now);
  std::set<std::string> seen;
  for (int second = 0; second < 60; ++second) {
    std::size_t starts = 0;
    for (int part = 0; part < 100; ++part, now += milliseconds{10}) {
      for (const auto& id : take()) {
        EXPECT_LE(delays[id], milliseconds{10});
        finish(id);
        seen.insert(id);
        ++starts;
      }
    }
    EXPECT_NEAR(static_cast<double>(starts), 83.3, 5) << "second " << second;
  }
  EXPECT_THAT(seen, SizeIs(5000));
}

TEST_F(ScheduleTest, RunsACheckOnceEveryInterval) {
  schedule.replace(make_checks(1), now);
  const Instant first = *schedule.next();
  for (int run = 0; run < 5; ++run) {
    EXPECT_THAT(take_next(), ElementsAre("t0/greeting"));
    EXPECT_EQ(now, first + run * seconds{60});
    EXPECT_EQ(delays["t0/greeting"], Duration::zero());
    finish("t0/greeting");
  }
}

TEST_F(ScheduleTest, StartsALongIntervalWithinAMinuteAndThenKeepsToItsSlots) {
  schedule.replace(make_checks(50, hours{1}), now);
  std::map<std::string, std::vector<Instant>> starts;
  while (*schedule.next() < kStart + hours{5}) {
    for (const auto& id : take_next()) {
      starts[id].push_back(now);
      finish(id);
    }
  }
  std::set<Instant> phases;
  for (const auto& [id, times] : starts) {
    EXPECT_LT(times[0], kStart + minutes{1}) << id;
    EXPECT_GE(times[1] - times[0], minutes{30}) << id;
    EXPECT_LE(times[1] - times[0], minutes{90}) << id;
    EXPECT_EQ(times[2] - times[1], hours{1}) << id;
    EXPECT_EQ(times[3] - times[2], hours{1}) << id;
    phases.insert(times[3]);
  }
  EXPECT_GT(*phases.rbegin() - *phases.begin(), minutes{55});
}

TEST_F(ScheduleTest, NeverRunsACheckTwiceAtOnce) {
  schedule.replace(make_checks(1), now);
  EXPECT_THAT(take_next(), ElementsAre("t0/greeting"));
  EXPECT_THAT(take_next(), IsEmpty());
  EXPECT_THAT(take_next(), IsEmpty());
  EXPECT_EQ(schedule.skipped(SkipCause::running), 2U);
  finish("t0/greeting");
  EXPECT_THAT(take(), IsEmpty()) << "a skipped run is not made up for";
  EXPECT_THAT(take_next(), ElementsAre("t0/greeting"));
}

TEST_F(ScheduleTest, KeepsToTheConnectionsOfATarget) {
  const auto one = make_target("one");
  const auto two = make_target("two", 2);
  schedule.replace(std::vector{make_check(one, "a"), make_check(one, "b"), make_check(two, "a"),
                               make_check(two, "b"), make_check(two, "c")},
                   now);
  std::vector<std::string> started;
  while (*schedule.next() < kStart + seconds{60}) {
    for (const auto& id : take_next()) started.push_back(id);
  }
  EXPECT_THAT(started, SizeIs(3));
  EXPECT_EQ(std::ranges::count_if(started, [](auto& id) { return id.starts_with("one/"); }), 1);
}

TEST_F(ScheduleTest, LetsTheChecksOfATargetWaitInTheOrderTheyWereDue) {
  const auto target = make_target("t");
  schedule.replace(
      std::vector{make_check(target, "a"), make_check(target, "b"), make_check(target, "c")}, now);
  // Slots of the golden ratio: a at 0, b at 0.618, c at 0.236 of the minute.
  EXPECT_THAT(take_next(), ElementsAre("t/a"));
  now = kStart + seconds{50};
  // Not later than the grace, or the slots would be let go.
  schedule.run_now("t/c", kStart + seconds{40});
  schedule.run_now("t/b", kStart + seconds{45});
  EXPECT_THAT(take(), IsEmpty());
  finish("t/a");
  EXPECT_THAT(take(), ElementsAre("t/c"));
  EXPECT_EQ(delays["t/c"], seconds{10});
  finish("t/c");
  EXPECT_THAT(take(), ElementsAre("t/b"));
  EXPECT_EQ(delays["t/b"], seconds{5});
}

TEST_F(ScheduleTest, KeepsToTheLimitOfTheAgentInTheOrderTheyWereDue) {
  schedule.set_max_in_flight(2);
  schedule.replace(make_checks(5), now);
  std::vector<std::string> running;
  while (*schedule.next() < kStart + seconds{60}) {
    for (const auto& id : take_next()) running.push_back(id);
  }
  EXPECT_EQ(schedule.in_flight(), 2U);
  EXPECT_THAT(running, ElementsAre("t0/greeting", "t2/greeting"));  // at 0 and 0.236 of the minute
  finish("t0/greeting");
  EXPECT_THAT(take(), ElementsAre("t4/greeting"));  // 0.472
  finish("t4/greeting");
  EXPECT_THAT(take(), ElementsAre("t1/greeting"));  // 0.618
  finish("t2/greeting");
  EXPECT_THAT(take(), ElementsAre("t3/greeting"));  // 0.854
}

TEST_F(ScheduleTest, DoesNotLetABusyTargetHoldUpAnother) {
  const auto busy = make_target("busy");
  schedule.set_max_in_flight(2);
  schedule.replace(std::vector{make_check(busy, "a"), make_check(busy, "b"),
                               make_check(make_target("free"), "a")},
                   now);
  schedule.run_now("busy/a", now);
  EXPECT_THAT(take(), testing::Contains("busy/a"));
  schedule.run_now("busy/b", now);
  schedule.run_now("free/a", now);
  EXPECT_THAT(take(), ElementsAre("free/a"));
}

TEST_F(ScheduleTest, CountsWhatItSkipsByCause) {
  const auto target = make_target("t");
  schedule.set_max_in_flight(1);
  schedule.replace(std::vector{make_check(target, "a"), make_check(target, "b"),
                               make_check(make_target("other"), "a")},
                   now);
  EXPECT_THAT(take_next(), ElementsAre("t/a"));
  while (*schedule.next() < kStart + seconds{130}) take_next();
  EXPECT_EQ(schedule.skipped(SkipCause::running), 2U);          // t/a at 60 and 120
  EXPECT_EQ(schedule.skipped(SkipCause::target_busy), 1U);      // t/b, due at 37, again at 97
  EXPECT_EQ(schedule.skipped(SkipCause::in_flight_limit), 1U);  // other/a, due at 14, again at 74
  EXPECT_EQ(schedule.skipped(SkipCause::suspended), 0U);
}

TEST_F(ScheduleTest, HandsOutNoMoreThanAskedForAndSaysThatThereIsMore) {
  schedule.replace(make_checks(10), now);
  for (int i = 0; i < 10; ++i) schedule.run_now(fmt::format("t{}/greeting", i), now);
  EXPECT_THAT(schedule.take_due(now, 4), SizeIs(4));
  EXPECT_LE(*schedule.next(), now);
  EXPECT_THAT(schedule.take_due(now, 100), SizeIs(6));
}

TEST_F(ScheduleTest, SlowsARefusedLoginDownAndSpeedsUpAfterAPass) {
  schedule.replace(make_checks(1), now);
  for (const auto interval : {minutes{2}, minutes{4}, minutes{8}, minutes{15}, minutes{15}}) {
    EXPECT_THAT(take_next(), ElementsAre("t0/greeting"));
    const Instant started = now;
    now += seconds{3};
    finish("t0/greeting", Outcome::login_refused);
    EXPECT_EQ(schedule.current_interval("t0/greeting"), interval);
    EXPECT_EQ(*schedule.next(), started + interval);
  }
  take_next();
  finish("t0/greeting", Outcome::failed);
  EXPECT_EQ(schedule.current_interval("t0/greeting"), minutes{15})
      << "only a pass shows that the password works";
  take_next();
  finish("t0/greeting");
  EXPECT_EQ(schedule.current_interval("t0/greeting"), minutes{1});
  EXPECT_LE(*schedule.next() - now, minutes{1});
  EXPECT_EQ((*schedule.next() - kStart) % minutes{1}, Duration::zero()) << "back on its own slots";
}

TEST_F(ScheduleTest, ReturnsToItsOwnSlotsAfterBackOffButNotAtOnce) {
  schedule.replace(make_checks(1, seconds{70}), now);
  // Runs at 0, 140, 420, 980 and, limited to a quarter of an hour, 1880 seconds.
  for (int refusal = 0; refusal < 4; ++refusal) {
    take_next();
    finish("t0/greeting", Outcome::login_refused);
  }
  take_next();
  ASSERT_EQ(now, kStart + seconds{1880});
  finish("t0/greeting");
  EXPECT_EQ(*schedule.next(), kStart + seconds{28 * 70}) << "27 * 70 is ten seconds away";
}

TEST_F(ScheduleTest, DoesNotSlowDownAfterOtherFailures) {
  schedule.replace(make_checks(1), now);
  take_next();
  finish("t0/greeting", Outcome::failed);
  EXPECT_EQ(schedule.current_interval("t0/greeting"), minutes{1});
}

TEST_F(ScheduleTest, MakesUpForNothingAfterAPauseOfHours) {
  schedule.replace(make_checks(600), now);
  const Instant until = kStart + seconds{60};
  while (*schedule.next() < until) {
    for (const auto& id : take_next()) finish(id);
  }
  now = until + hours{3} - milliseconds{1};
  EXPECT_THAT(take(), IsEmpty());
  EXPECT_EQ(schedule.skipped(SkipCause::suspended), 600U * 180);

  std::size_t most_in_a_second = 0;
  std::size_t starts = 0;
  for (int second = 0; second < 60; ++second) {
    now += seconds{1};
    const auto ids = take();
    for (const auto& id : ids) finish(id);
    most_in_a_second = std::max(most_in_a_second, ids.size());
    starts += ids.size();
  }
  EXPECT_EQ(starts, 600U);
  EXPECT_LE(most_in_a_second, 13U);
}

TEST_F(ScheduleTest, StartsAfterAShortPauseWhatIsALittleLate) {
  schedule.replace(make_checks(1), now);
  now += seconds{14};
  EXPECT_THAT(take(), ElementsAre("t0/greeting"));
  EXPECT_EQ(delays["t0/greeting"], seconds{14});
}

TEST_F(ScheduleTest, RunsACheckWhenAskedBesideItsSlots) {
  schedule.replace(make_checks(1), now);
  take_next();
  finish("t0/greeting");
  const auto slot = schedule.next();
  now += seconds{20};
  EXPECT_TRUE(schedule.run_now("t0/greeting", now));
  EXPECT_TRUE(schedule.run_now("t0/greeting", now)) << "asking twice is one run";
  EXPECT_LE(*schedule.next(), now);
  EXPECT_THAT(take(), ElementsAre("t0/greeting"));
  EXPECT_FALSE(schedule.run_now("t0/greeting", now));
  EXPECT_FALSE(schedule.run_now("t0/nothing", now));
  finish("t0/greeting");
  EXPECT_EQ(schedule.next(), slot);
}

TEST_F(ScheduleTest, HasNothingToDoWithoutChecks) {
  EXPECT_EQ(schedule.next(), std::nullopt);
  EXPECT_THAT(take(), IsEmpty());
  schedule.finished("no/such", Outcome::passed, now);
  EXPECT_EQ(schedule.in_flight(), 0U);
  EXPECT_EQ(schedule.current_interval("no/such"), std::nullopt);
}

TEST_F(ScheduleTest, BoundsAnIntervalOfZero) {
  schedule.replace(make_checks(1, Duration::zero()), now);
  EXPECT_THAT(take_next(), ElementsAre("t0/greeting"));
  finish("t0/greeting");
  EXPECT_GT(*schedule.next(), now);
}

}  // namespace
}  // namespace sre
