#include "agent/report/time_text.h"

#include <gtest/gtest.h>

namespace sre {
namespace {

using namespace std::chrono_literals;

// Sunday, 22 November 2026, 15:34:05.25 UTC.
const WallTime kMoment = WallTime(1795361645s + 250ms);

TEST(TimeText, WritesATimeForMachinesPeopleAndHttp) {
  EXPECT_EQ(rfc3339(kMoment), "2026-11-22T15:34:05.250Z");
  EXPECT_EQ(readable_time(kMoment), "2026-11-22 15:34:05 UTC");
  EXPECT_EQ(http_date(kMoment), "Sun, 22 Nov 2026 15:34:05 GMT");
}

TEST(TimeText, WritesTimesBeforeTheEpoch) {
  EXPECT_EQ(rfc3339(WallTime(-1ms)), "1969-12-31T23:59:59.999Z");
}

TEST(TimeText, TellsADistanceInItsLargestUnit) {
  EXPECT_EQ(distance(kMoment, kMoment), "0 s ago");
  EXPECT_EQ(distance(kMoment - 119s, kMoment), "119 s ago");
  EXPECT_EQ(distance(kMoment - 5min, kMoment), "5 min ago");
  EXPECT_EQ(distance(kMoment - 30h, kMoment), "30 h ago");
  EXPECT_EQ(distance(kMoment - 24h * 9, kMoment), "9 d ago");
  EXPECT_EQ(distance(kMoment + 24h * 14, kMoment), "in 14 d");
}

TEST(TimeText, WritesMeasuredTimesWithThreeDigits) {
  EXPECT_EQ(readable_duration(312us), "0.31 ms");
  EXPECT_EQ(readable_duration(12340us), "12.3 ms");
  EXPECT_EQ(readable_duration(123400us), "123 ms");
  EXPECT_EQ(readable_duration(1250ms), "1.25 s");
}

}  // namespace
}  // namespace sre
