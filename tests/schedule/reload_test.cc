#include "agent/schedule/schedule.h"
#include "tests/schedule/fixture.h"

namespace sre {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

class ScheduleReload : public ScheduleTest {
 protected:
  // Takes until the minute is over, and finishes each at once: when each check started.
  std::map<std::string, Duration> phases() {
    std::map<std::string, Duration> seen;
    const Instant end = now + minutes{1};
    while (schedule.next() && *schedule.next() < end) {
      for (const auto& id : take_next()) {
        seen[id] = (now - kStart) % minutes{1};
        finish(id);
      }
    }
    now = end;
    return seen;
  }
};

TEST_F(ScheduleReload, KeepsTheSlotsOfChecksThatAreStillThere) {
  schedule.replace(make_checks(20), now);
  const auto before = phases();
  now += seconds{7};
  auto checks = make_checks(25);
  checks.erase(checks.begin(), checks.begin() + 3);
  schedule.replace(checks, now);
  const auto after = phases();
  EXPECT_EQ(after.size(), 22U);
  for (const auto& [id, phase] : before) {
    if (id == "t0/greeting" || id == "t1/greeting" || id == "t2/greeting") {
      EXPECT_FALSE(after.contains(id)) << id;
    } else {
      EXPECT_EQ(after.at(id), phase) << id;
    }
  }
}

TEST_F(ScheduleReload, HandsOutTheNewCheck) {
  schedule.replace(make_checks(1), now);
  const auto checks = make_checks(1);
  schedule.replace(checks, now);
  now = *schedule.next();
  EXPECT_EQ(schedule.take_due(now).at(0).check, checks[0]);
}

TEST_F(ScheduleReload, KeepsARunMarkedAsRunningEvenWithANewInterval) {
  schedule.replace(make_checks(1), now);
  take_next();
  schedule.replace(make_checks(1, seconds{30}), now);
  EXPECT_EQ(schedule.current_interval("t0/greeting"), seconds{30});
  EXPECT_FALSE(schedule.run_now("t0/greeting", now));
  EXPECT_THAT(take_next(), IsEmpty());
  finish("t0/greeting");
  EXPECT_THAT(take_next(), ElementsAre("t0/greeting"));
}

TEST_F(ScheduleReload, LetsARemovedCheckFinishAndThenForgetsIt) {
  const auto target = make_target("t");
  schedule.replace(std::vector{make_check(target, "old")}, now);
  EXPECT_THAT(take_next(), ElementsAre("t/old"));
  schedule.replace(std::vector{make_check(target, "new")}, now);
  EXPECT_EQ(schedule.current_interval("t/old"), std::nullopt);
  EXPECT_FALSE(schedule.run_now("t/old", now));
  schedule.run_now("t/new", now);
  EXPECT_THAT(take(), IsEmpty()) << "the old run still has the target's connection";
  EXPECT_EQ(schedule.in_flight(), 1U);
  finish("t/old");
  EXPECT_EQ(schedule.in_flight(), 0U);
  EXPECT_THAT(take(), ElementsAre("t/new"));
}

TEST_F(ScheduleReload, TakesARemovedCheckBackWhileItRuns) {
  schedule.replace(make_checks(1), now);
  take_next();
  schedule.replace({}, now);
  schedule.replace({}, now);
  schedule.replace(make_checks(1), now);
  EXPECT_FALSE(schedule.run_now("t0/greeting", now));
  finish("t0/greeting");
  EXPECT_THAT(take_next(), ElementsAre("t0/greeting"));
}

TEST_F(ScheduleReload, ForgetsARemovedCheckThatWaited) {
  const auto target = make_target("t");
  const std::vector both{make_check(target, "a"), make_check(target, "b")};
  schedule.replace(both, now);
  take_next();
  schedule.run_now("t/b", now);
  schedule.replace(std::vector{both[0]}, now);
  finish("t/a");
  EXPECT_THAT(take(), IsEmpty());
}

TEST_F(ScheduleReload, KeepsTheQueueAndFollowsNewLimits) {
  const auto checks_of = [](int max_connections) {
    const auto target = make_target("t", max_connections);
    return std::vector{make_check(target, "a"), make_check(target, "b"), make_check(target, "c")};
  };
  schedule.replace(checks_of(1), now);
  take_next();
  schedule.run_now("t/c", now);
  now += std::chrono::milliseconds{1};
  schedule.run_now("t/b", now);
  EXPECT_THAT(take(), IsEmpty());
  schedule.replace(checks_of(3), now);
  EXPECT_THAT(take(), ElementsAre("t/c", "t/b"));
  schedule.replace(checks_of(1), now);
  finish("t/c");
  schedule.run_now("t/c", now);
  EXPECT_THAT(take(), IsEmpty());
  finish("t/a");
  EXPECT_THAT(take(), IsEmpty());
  finish("t/b");
  EXPECT_THAT(take(), ElementsAre("t/c"));
}

TEST_F(ScheduleReload, EndsTheBackOffWhenTheCredentialsAreOthers) {
  const auto check_with = [](const std::string& password) {
    auto target = make_target("t");
    Credentials credentials{"corp", "probe@example.com", Secret{password}, "auto", {}};
    target->credentials = std::make_shared<const Credentials>(credentials);
    return std::vector{make_check(target, "login")};
  };
  schedule.replace(check_with("old"), now);
  take_next();
  finish("t/login", Outcome::login_refused);
  schedule.replace(check_with("old"), now);
  EXPECT_EQ(schedule.current_interval("t/login"), minutes{2});
  schedule.replace(check_with("new"), now);
  EXPECT_EQ(schedule.current_interval("t/login"), minutes{1});
  EXPECT_LE(*schedule.next() - now, minutes{1});
}

}  // namespace
}  // namespace sre
