#include "agent/cli/terminal.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

namespace sre {
namespace {

// A pseudo-terminal.
class ColorTest : public testing::Test {
 protected:
  ColorTest() : controller_(::posix_openpt(O_RDWR | O_NOCTTY)) { ::unsetenv("NO_COLOR"); }
  void SetUp() override {
    if (controller_ < 0) GTEST_SKIP() << "a chroot without /dev/pts has no terminals to try";
    ::grantpt(controller_);
    ::unlockpt(controller_);
    terminal = ::open(::ptsname(controller_), O_RDWR | O_NOCTTY);
  }
  ~ColorTest() override {
    ::unsetenv("NO_COLOR");
    ::close(terminal);
    ::close(controller_);
  }
  int terminal = -1;

 private:
  int controller_;
};

TEST_F(ColorTest, IsForTerminalsOnly) {
  ASSERT_GE(terminal, 0);
  EXPECT_TRUE(wants_color(terminal));
  int pipe_ends[2];
  ASSERT_EQ(::pipe(pipe_ends), 0);
  EXPECT_FALSE(wants_color(pipe_ends[1]));
  ::close(pipe_ends[0]);
  ::close(pipe_ends[1]);
}

TEST_F(ColorTest, IsGivenUpForNoColorUnlessThatIsEmpty) {
  ::setenv("NO_COLOR", "1", 1);
  EXPECT_FALSE(wants_color(terminal));
  ::setenv("NO_COLOR", "", 1);
  EXPECT_TRUE(wants_color(terminal));
}

}  // namespace
}  // namespace sre
