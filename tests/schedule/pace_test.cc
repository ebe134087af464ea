#include "agent/schedule/pace.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <vector>

namespace sre {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// The largest gap between neighbours on the circle of an interval, in units of a perfect spread.
double worst_gap(std::vector<double> points) {
  std::sort(points.begin(), points.end());
  double worst = points.front() + 1 - points.back();
  for (std::size_t i = 1; i < points.size(); ++i) {
    worst = std::max(worst, points[i] - points[i - 1]);
  }
  return worst * static_cast<double>(points.size());
}

TEST(Spread, LeavesNoLargeGapForAnyNumberOfChecks) {
  Spread spread;
  std::vector<double> points;
  for (int n = 1; n <= 1000; ++n) {
    points.push_back(spread.next(seconds{60}));
    ASSERT_GE(points.back(), 0.0);
    ASSERT_LT(points.back(), 1.0);
    // The three-gap theorem bounds it by the square of the golden ratio.
    ASSERT_LT(worst_gap(points), 2.62) << n << " checks";
  }
}

TEST(Spread, KeepsIntervalsApart) {
  Spread spread;
  std::vector<double> minutely;
  // The stride of a Fibonacci number would bunch a shared sequence.
  for (int n = 0; n < 100; ++n) {
    minutely.push_back(spread.next(minutes{1}));
    for (int other = 0; other < 88; ++other) spread.next(hours{1});
  }
  EXPECT_LT(worst_gap(minutely), 2.62);
}

TEST(BackOff, DoublesWithEveryRefusalUpToAQuarterOfAnHour) {
  EXPECT_EQ(slowed_down(seconds{60}, 0), minutes{1});
  EXPECT_EQ(slowed_down(seconds{60}, 1), minutes{2});
  EXPECT_EQ(slowed_down(seconds{60}, 3), minutes{8});
  EXPECT_EQ(slowed_down(seconds{60}, 4), minutes{15});
  EXPECT_EQ(slowed_down(seconds{60}, 4'000'000'000U), minutes{15});
}

TEST(BackOff, NeverMakesAnIntervalShorter) { EXPECT_EQ(slowed_down(hours{1}, 3), hours{1}); }

TEST(FirstAfter, IsStrictlyLaterThanNow) {
  const Instant anchor{hours{1}};
  EXPECT_EQ(first_after(anchor, seconds{60}, anchor - seconds{1}), anchor);
  EXPECT_EQ(first_after(anchor, seconds{60}, anchor), anchor + seconds{60});
  EXPECT_EQ(first_after(anchor, seconds{60}, anchor + seconds{119}), anchor + seconds{120});
}

}  // namespace
}  // namespace sre
