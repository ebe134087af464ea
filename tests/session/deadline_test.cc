#include "agent/session/deadline.h"

#include <gmock/gmock.h>

#include <boost/asio/post.hpp>
#include <optional>

namespace sre {
namespace {

constexpr Instant kLongAgo{};
const Instant kNever = std::chrono::steady_clock::now() + std::chrono::hours{24};

class DeadlineTest : public testing::Test {
 protected:
  boost::asio::io_context io_;
  int broken_off_ = 0;
};

TEST_F(DeadlineTest, BreaksOffWhatIsWaitedForWhenItPasses) {
  Deadline deadline(io_, kLongAgo);
  const Deadline::Guard guard(deadline, [&] { ++broken_off_; });
  EXPECT_FALSE(deadline.expired()) << "only the loop lets time pass";
  io_.run();
  EXPECT_TRUE(deadline.expired());
  EXPECT_EQ(broken_off_, 1);
}

TEST_F(DeadlineTest, BreaksOffAtOnceWhatBeginsAfterIt) {
  Deadline deadline(io_, kLongAgo);
  io_.run();
  const Deadline::Guard guard(deadline, [&] { ++broken_off_; });
  EXPECT_EQ(broken_off_, 1);
}

TEST_F(DeadlineTest, CanBeBroughtForward) {
  Deadline deadline(io_, kNever);
  const Deadline::Guard guard(deadline, [&] { ++broken_off_; });
  EXPECT_EQ(deadline.at(), kNever);
  deadline.expire();
  deadline.expire();
  EXPECT_TRUE(deadline.expired());
  EXPECT_EQ(broken_off_, 1) << "once, however often";
}

TEST_F(DeadlineTest, TellsWhetherARunWasCutShort) {
  Deadline hurried(io_, kNever);
  EXPECT_TRUE(hurried.go_on());
  hurried.hurry();
  EXPECT_FALSE(hurried.cut_short()) << "it may have had nothing left to ask";
  EXPECT_FALSE(hurried.go_on());
  EXPECT_TRUE(hurried.cut_short());
  EXPECT_FALSE(hurried.expired()) << "there is time for a goodbye";

  Deadline broken_off(io_, kNever);
  broken_off.expire();
  EXPECT_TRUE(broken_off.cut_short());

  Deadline passed(io_, kLongAgo);
  io_.run_one();
  EXPECT_TRUE(passed.expired());
  EXPECT_FALSE(passed.cut_short()) << "a server that takes too long has failed";
}

TEST_F(DeadlineTest, CutsNothingShortThatIsSettled) {
  Deadline settled(io_, kNever);
  settled.settle(true);
  settled.expire();
  EXPECT_TRUE(settled.expired());
  EXPECT_FALSE(settled.cut_short()) << "only the goodbye is broken off";

  Deadline asking_another(io_, kNever);
  asking_another.settle(true);
  asking_another.settle(false);
  asking_another.expire();
  EXPECT_TRUE(asking_another.cut_short());
}

TEST_F(DeadlineTest, LetsNothingNewBeginWhereItWasBrokenOff) {
  Deadline settled(io_, kNever);
  settled.settle(true);
  settled.expire();
  EXPECT_FALSE(settled.go_on());
  EXPECT_TRUE(settled.cut_short()) << "there was something left to ask";
}

TEST_F(DeadlineTest, LeavesAloneWhatHasEndedInTime) {
  Deadline deadline(io_, kNever);
  {
    const Deadline::Guard guard(deadline, [&] { ++broken_off_; });
  }
  deadline.expire();
  EXPECT_EQ(broken_off_, 0);
}

TEST_F(DeadlineTest, MayDieWhileItsTimerIsQueued) {
  std::optional<Deadline> deadline;
  deadline.emplace(io_, kLongAgo);
  // The first handler of the loop ends the run; the timer, due as well, comes too late.
  boost::asio::post(io_, [&] { deadline.reset(); });
  io_.run();
  EXPECT_FALSE(deadline.has_value());
}

}  // namespace
}  // namespace sre
