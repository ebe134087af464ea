// A reload in which one request for memory fails, for each request in turn.
#include <gmock/gmock.h>

#include <new>

#include "tests/memory/failing_memory.h"
#include "tests/schedule/fixture.h"

namespace sre {
namespace {

using testing::UnorderedElementsAre;

using ScheduleMemoryTest = ScheduleTest;

// Whether there was memory enough for it, but for the nth request.
bool replaces_without(Schedule& schedule, std::size_t nth, const std::vector<CheckPtr>& checks,
                      Instant now) {
  fail_request(Asks::program, nth);
  try {
    schedule.replace(checks, now);
  } catch (const std::bad_alloc&) {
    no_more_failures();
    return false;
  }
  no_more_failures();
  return true;
}

TEST_F(ScheduleMemoryTest, MayBeToldToRunAnythingBetweenAFailedReloadAndTheNext) {
  const auto all = make_checks(3);
  const std::vector<CheckPtr> old = {all[0]};
  std::size_t failures = 0;
  for (std::size_t nth = 1;; ++nth) {
    SCOPED_TRACE("request " + std::to_string(nth));
    Schedule one(256);
    one.replace(old, now);
    if (replaces_without(one, nth, all, now)) break;
    ++failures;
    EXPECT_TRUE(one.run_now("t0/greeting", now));
    EXPECT_FALSE(one.run_now("t1/greeting", now));
    EXPECT_FALSE(one.run_now("t2/greeting", now));
    one.replace(all, now);
    EXPECT_TRUE(one.run_now("t1/greeting", now));
    EXPECT_TRUE(one.run_now("t2/greeting", now));
    std::vector<std::string> started;
    for (const auto& start : one.take_due(now)) started.push_back(start.id);
    EXPECT_THAT(started, UnorderedElementsAre("t0/greeting", "t1/greeting", "t2/greeting"));
  }
  EXPECT_GT(failures, 0U) << "nothing asked for memory, so nothing is tested";
}

}  // namespace
}  // namespace sre
