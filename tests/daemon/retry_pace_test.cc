#include "agent/daemon/retry_pace.h"

#include <gtest/gtest.h>

namespace sre {
namespace {

using namespace std::chrono_literals;

TEST(RetryPace, LetsThreeGoAtOnceAndThenOneAMinute) {
  RetryPace pace;
  Instant now{1h};
  for (int i = 0; i < 3; ++i) EXPECT_EQ(pace.wait("corp/login", now), std::nullopt) << i;
  EXPECT_EQ(pace.wait("corp/login", now), 60s);
  EXPECT_EQ(pace.wait("corp/login", now + 59s), 1s) << "asking in vain costs nothing";
  EXPECT_EQ(pace.wait("other/login", now), std::nullopt);
  now += 60s;
  EXPECT_EQ(pace.wait("corp/login", now), std::nullopt);
  EXPECT_EQ(pace.wait("corp/login", now), 60s);
  now += 1h;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(pace.wait("corp/login", now), std::nullopt) << i;
}

}  // namespace
}  // namespace sre
