#include "agent/daemon/watchdog.h"

#include <gmock/gmock.h>

#include "tests/daemon/service_manager.h"

namespace sre {
namespace {

// Keeps what it is asked until it is told to answer.
struct Asked {
  std::vector<std::function<void()>> answers;

  WatchedThread thread(const std::string& name) {
    return {name, [this](std::function<void()> answer) { answers.push_back(std::move(answer)); }};
  }
  void answer() {
    for (const auto& each : answers) each();
    answers.clear();
  }
};

class WatchdogTest : public testing::Test {
 protected:
  ServiceManager manager;
  Asked probe;
  Asked web;
  Watchdog watchdog{{probe.thread("probe"), web.thread("web")}};
};

TEST_F(WatchdogTest, SpeaksForThreadsThatAnswer) {
  for (int i = 0; i < 3; ++i) {
    watchdog.look();
    EXPECT_EQ(manager.told(), "WATCHDOG=1");
    probe.answer();
    web.answer();
  }
}

TEST_F(WatchdogTest, IsSilentWhileOneThreadStandsStill) {
  watchdog.look();
  EXPECT_EQ(manager.told(), "WATCHDOG=1") << "nobody owes an answer yet";
  probe.answer();
  watchdog.look();
  watchdog.look();
  EXPECT_EQ(manager.told(), "nothing") << "the probe thread does not speak for the web thread";
  EXPECT_EQ(web.answers.size(), 1U) << "a thread that stands still is not asked over and over";
}

TEST_F(WatchdogTest, SpeaksAgainWhenTheThreadIsBack) {
  watchdog.look();
  manager.told();
  probe.answer();
  watchdog.look();
  web.answer();
  watchdog.look();
  EXPECT_EQ(manager.told(), "WATCHDOG=1");
}

TEST(Watchdog, MayBeGoneWhenAnAnswerComes) {
  Asked probe;
  {
    Watchdog watchdog({probe.thread("probe")});
    watchdog.look();
  }
  ASSERT_EQ(probe.answers.size(), 1U);
  probe.answer();
}

}  // namespace
}  // namespace sre
