#include "agent/web/connection_table.h"

#include <gmock/gmock.h>

#include <string>

namespace sre {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ConnectionTableTest : public testing::Test {
 protected:
  auto admit(std::string name) {
    return table.admit([this, name = std::move(name)] { closed.push_back(name); }, now);
  }

  std::vector<std::string> closed;
  Instant now{std::chrono::hours{1}};
  ConnectionTable table{2, std::chrono::seconds{2}};
};

TEST_F(ConnectionTableTest, DropsTheOneThatWaitsLongest) {
  const auto a = admit("a");
  auto b = admit("b");
  const auto c = admit("c");
  EXPECT_TRUE(c);
  EXPECT_THAT(closed, ElementsAre("a"));
  b->set_busy();
  b->set_waiting();
  const auto d = admit("d");
  EXPECT_THAT(closed, ElementsAre("a", "c"));
}

TEST_F(ConnectionTableTest, NeverDropsABusyOne) {
  auto a = admit("a");
  auto b = admit("b");
  a->set_busy();
  b->set_busy();
  EXPECT_FALSE(admit("c"));
  EXPECT_THAT(closed, IsEmpty());
}

TEST_F(ConnectionTableTest, DropsTheOneWhoseAnswerStandsStillForLongest) {
  auto a = admit("a");
  auto b = admit("b");
  a->set_busy();
  b->set_busy();
  b->set_moved(now);
  a->set_moved(now);
  now += std::chrono::milliseconds{1999};
  a->set_moved(now);
  EXPECT_FALSE(admit("c")) << "both may be reading";
  now += std::chrono::milliseconds{1};
  const auto c = admit("c");
  EXPECT_TRUE(c);
  EXPECT_THAT(closed, ElementsAre("b"));
}

TEST_F(ConnectionTableTest, DropsOneThatWaitsBeforeOneThatIsBeingAnswered) {
  auto a = admit("a");
  const auto b = admit("b");
  a->set_busy();
  a->set_moved(now);
  now += std::chrono::minutes{1};
  const auto c = admit("c");
  EXPECT_THAT(closed, ElementsAre("b"));
}

TEST_F(ConnectionTableTest, DoesNotHoldThePastAgainstANewAnswer) {
  auto a = admit("a");
  auto b = admit("b");
  for (auto* seat : {&a, &b}) {
    (*seat)->set_busy();
    (*seat)->set_moved(now);
    (*seat)->set_waiting();
    (*seat)->set_busy();
  }
  now += std::chrono::minutes{1};
  EXPECT_FALSE(admit("c")) << "their answers are still being made";
}

TEST_F(ConnectionTableTest, GivesAPlaceBackWhenTheSeatDies) {
  const auto a = admit("a");
  { const auto b = admit("b"); }
  const auto c = admit("c");
  EXPECT_THAT(closed, IsEmpty());
  EXPECT_EQ(table.size(), 2U);
}

TEST_F(ConnectionTableTest, ClosesEachWaitingOneOnce) {
  auto a = admit("a");
  auto b = admit("b");
  b->set_busy();
  table.close_waiting();
  table.close_waiting();
  EXPECT_THAT(closed, ElementsAre("a"));
  EXPECT_EQ(table.size(), 1U);
}

}  // namespace
}  // namespace sre
