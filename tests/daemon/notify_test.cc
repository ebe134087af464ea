#include "agent/daemon/notify.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "tests/daemon/service_manager.h"

namespace sre {
namespace {

TEST(Notify, SaysThatTheServiceIsReadyThatItLivesAndThatItStops) {
  ServiceManager manager;
  notify_ready();
  EXPECT_EQ(manager.told(), "READY=1");
  notify_alive();
  EXPECT_EQ(manager.told(), "WATCHDOG=1");
  notify_stopping();
  EXPECT_EQ(manager.told(), "STOPPING=1");
}

TEST(Notify, SaysWhenAReloadBegan) {
  ServiceManager manager;
  notify_reloading(Instant{} + std::chrono::milliseconds{12'345'678});
  EXPECT_EQ(manager.told(), "RELOADING=1\nMONOTONIC_USEC=12345678000");
}

TEST(Notify, DoesNothingWhereNobodyListens) {
  ::unsetenv("NOTIFY_SOCKET");
  notify_ready();
}

TEST(Notify, KnowsHowLongSystemdWaitsForASignOfLife) {
  ::setenv("WATCHDOG_USEC", "30000000", 1);
  EXPECT_EQ(watchdog_limit(), std::chrono::seconds{30});
  ::setenv("WATCHDOG_PID", std::to_string(::getppid()).c_str(), 1);
  EXPECT_EQ(watchdog_limit(), std::nullopt) << "it is somebody else who is watched";
  ::unsetenv("WATCHDOG_PID");
  ::setenv("WATCHDOG_USEC", "soon", 1);
  EXPECT_EQ(watchdog_limit(), std::nullopt);
  ::unsetenv("WATCHDOG_USEC");
  EXPECT_EQ(watchdog_limit(), std::nullopt);
}

}  // namespace
}  // namespace sre
