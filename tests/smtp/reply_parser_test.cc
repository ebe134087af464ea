#include "agent/smtp/reply_parser.h"

#include <gmock/gmock.h>

namespace sre {
namespace {

using Status = ReplyParser::Status;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(ReplyParser, TakesAReplyByteForByte) {
  ReplyParser parser;
  const std::string_view wire = "535-5.7.8 first\r\n535 5.7.8 second\r\n";
  for (const char c : wire.substr(0, wire.size() - 1)) {
    ASSERT_EQ(parser.push({&c, 1}), Status::incomplete);
  }
  ASSERT_EQ(parser.push("\n"), Status::complete);
  const auto reply = parser.take();
  EXPECT_EQ(reply.code, 535);
  EXPECT_EQ(reply.enhanced, (EnhancedCode{5, 7, 8}));
  EXPECT_THAT(reply.lines, ElementsAre("5.7.8 first", "5.7.8 second"));
}

TEST(ReplyParser, TakesBareLineFeedsAndLinesWithoutText) {
  ReplyParser parser;
  ASSERT_EQ(parser.push("220-\n220\n"), Status::complete);
  EXPECT_THAT(parser.take().lines, ElementsAre("", ""));
}

TEST(ReplyParser, KeepsWhatFollowsAReplyForTheNextOne) {
  ReplyParser parser;
  ASSERT_EQ(parser.push("250 one\r\n250 two\r\n"), Status::complete);
  EXPECT_EQ(parser.take().text(), "one");
  EXPECT_TRUE(parser.has_leftover());
  ASSERT_EQ(parser.push({}), Status::complete);
  EXPECT_EQ(parser.take().text(), "two");
  EXPECT_FALSE(parser.has_leftover());
}

TEST(ReplyParser, CallsAMixedReplyAViolationAndKeepsEachLineWithItsOwnCode) {
  ReplyParser parser;
  ASSERT_EQ(parser.push("250-fine\r\n550 5.7.1 not fine\r\n"), Status::violation);
  EXPECT_EQ(parser.partial().code, 250);
  EXPECT_THAT(parser.partial().lines, testing::ElementsAre("fine"));
  EXPECT_EQ(parser.violation(), "one reply with two codes, 250 and then \"550 5.7.1 not fine\"");
}

TEST(ReplyParser, RefusesWhatIsNoReply) {
  for (const auto* wire :
       {"HTTP/1.1 400 Bad Request\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "\r\n", "22 hi\r\n",
        "000 zero\r\n", "150 one\r\n", "650 six\r\n", "250*odd\r\n"}) {
    ReplyParser parser;
    EXPECT_EQ(parser.push(wire), Status::violation) << wire;
    EXPECT_EQ(parser.push("250 ok\r\n"), Status::violation) << "nothing heals it";
  }
}

TEST(ReplyParser, KeepsNulAndEightBitBytesOfTheText) {
  ReplyParser parser;
  ASSERT_EQ(parser.push(std::string_view("220 a\0\xff z\r\n", 12)), Status::complete);
  EXPECT_EQ(parser.take().lines.front(), std::string("a\0\xff z", 5));
}

TEST(ReplyParser, EndsAReplyThatNeverEnds) {
  ReplyParser parser;
  auto status = Status::incomplete;
  std::size_t lines = 0;
  while (status == Status::incomplete && lines < 10'000) {
    status = parser.push("220-and another\r\n");
    ++lines;
  }
  EXPECT_EQ(status, Status::violation);
  EXPECT_EQ(lines, ReplyParser::kMaxLines);
}

TEST(ReplyParser, EndsALineThatNeverEnds) {
  ReplyParser parser;
  ASSERT_EQ(parser.push("220 "), Status::incomplete);
  auto status = Status::incomplete;
  std::size_t pushed = 0;
  while (status == Status::incomplete && pushed < 1'000'000) {
    status = parser.push(std::string(1000, 'x'));
    pushed += 1000;
  }
  EXPECT_EQ(status, Status::violation);
  EXPECT_LE(pushed, ReplyParser::kMaxBytes + 1000);
  EXPECT_THAT(parser.violation(), HasSubstr("longer than 65536 bytes"));
}

}  // namespace
}  // namespace sre
