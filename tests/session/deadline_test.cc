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
