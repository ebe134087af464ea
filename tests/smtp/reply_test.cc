#include "agent/smtp/reply.h"

#include <gmock/gmock.h>

namespace sre {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Reply, ReadsALineTypedByAPerson) {
  const auto reply = Reply::from_text("535 5.7.8 Error: authentication failed");
  EXPECT_EQ(reply.code, 535);
  EXPECT_EQ(reply.enhanced, (EnhancedCode{5, 7, 8}));
  EXPECT_EQ(describe_code(reply), "535 5.7.8");
}

TEST(Reply, ReadsSeveralLines) {
  const auto reply = Reply::from_text(
      "534-5.7.9 Application-specific password required.\r\n534 5.7.9  https://x\r\n");
  EXPECT_EQ(reply.code, 534);
  EXPECT_THAT(reply.lines,
              ElementsAre("5.7.9 Application-specific password required.", "5.7.9  https://x"));
}

TEST(Reply, KeepsTextWithoutACode) {
  const auto reply = Reply::from_text("User unknown");
  EXPECT_EQ(reply.code, 0);
  EXPECT_EQ(reply.text(), "User unknown");
  EXPECT_THAT(Reply::from_text("").lines, IsEmpty());
}

TEST(Reply, IsPositiveFrom200To399) {
  EXPECT_TRUE(Reply::from_text("250 ok").positive());
  EXPECT_TRUE(Reply::from_text("354 go").positive());
  EXPECT_FALSE(Reply::from_text("450 no").positive());
  EXPECT_FALSE(Reply::from_text("no").positive());
}

}  // namespace
}  // namespace sre
