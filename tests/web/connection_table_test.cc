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
    return table.admit([this, name = std::move(name)] { closed.push_back(name); });
  }

  std::vector<std::string> closed;
  ConnectionTable table{2};
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
