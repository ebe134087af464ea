#include "agent/base/duration.h"

#include <gmock/gmock.h>

namespace sre {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(Duration, ReadsOneUnit) {
  EXPECT_EQ(parse_duration("60s"), seconds{60});
  EXPECT_EQ(parse_duration("250ms"), milliseconds{250});
  EXPECT_EQ(parse_duration("2d"), hours{48});
  EXPECT_EQ(parse_duration("0s"), seconds{0});
}

TEST(Duration, ReadsUnitsFromTheLargestToTheSmallest) {
  EXPECT_EQ(parse_duration("1h30m"), minutes{90});
  EXPECT_EQ(parse_duration("1m30s500ms"), milliseconds{90'500});
}

TEST(Duration, RefusesWhatIsNoDuration) {
  for (const auto* text :
       {"", "60", "s", "-5s", "5 s", "1s1m", "1s1s", "1w", "9999999999999d", "5000d"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(Duration, WritesWhatItReads) {
  for (const auto* text : {"0s", "60ms", "1s", "1m", "1m30s", "15m", "1d2h3m4s5ms"}) {
    EXPECT_EQ(format_duration(*parse_duration(text)), text);
  }
}

}  // namespace
}  // namespace sre
