#include <gmock/gmock.h>

#include <random>
#include <string>

#include "agent/knowledge/evidence.h"
#include "agent/knowledge/knowledge.h"

namespace sre {
namespace {

Reason reason_of(const Reply& reply) {
  return Knowledge::built_in()->classify(Phase::rcpt, reply, "banner").reason;
}

TEST(HostileReply, WithoutACodeIsAViolationUnlessItsTextSpeaks) {
  EXPECT_EQ(reason_of(Reply{}), Reason::protocol_violation);
  EXPECT_EQ(reason_of(Reply::from_text("SSH-2.0-OpenSSH_9.2")), Reason::protocol_violation);
  EXPECT_EQ(reason_of(Reply::from_text("user unknown")), Reason::mailbox_unknown);
  EXPECT_EQ(reason_of(Reply::from_text("5.2.2 hm")), Reason::mailbox_full);
}

TEST(HostileReply, WithACodeOutsideTheRangeIsAViolation) {
  for (const int code : {-1, 1, 99, 199, 600, 999, 1'000'000}) {
    EXPECT_EQ(reason_of({code, {}, {"user unknown"}}), Reason::protocol_violation) << code;
  }
}

TEST(HostileReply, WithAStrangeEnhancedCodeIsReadByItsCode) {
  EXPECT_EQ(reason_of({550, EnhancedCode{5, 999, 999}, {}}), Reason::mailbox_unknown);
  EXPECT_EQ(reason_of({550, EnhancedCode{0, 65535, 65535}, {}}), Reason::mailbox_unknown);
  EXPECT_EQ(reason_of({550, EnhancedCode{2, 1, 5}, {}}), Reason::mailbox_unknown);
}

TEST(HostileReply, KeepsItsMeaningAmongNulsAndBytesThatAreNoUtf8) {
  const std::string noise("\0\xFF\xFE\x80 ", 5);
  EXPECT_EQ(reason_of({550, {}, {noise + "user unknown" + noise}}), Reason::mailbox_unknown);
}

TEST(HostileReply, IsReadAtItsBeginningOnly) {
  const std::string filler(64 * 1024, 'x');
  EXPECT_EQ(reason_of({450, {}, {"mailbox full " + filler}}), Reason::mailbox_full);
  EXPECT_EQ(reason_of({450, {}, {filler + " mailbox full"}}), Reason::mailbox_unavailable);
  EXPECT_EQ(matching_text({450, {}, {filler, filler}}).size(), kReadBytes);
}

TEST(HostileReply, OfManyEmptyLinesGetsAnAnswer) {
  EXPECT_EQ(reason_of({550, {}, std::vector<std::string>(512)}), Reason::mailbox_unknown);
}

TEST(HostileReply, QuotingWithoutEndGetsAnAnswer) {
  std::string text;
  while (text.size() < 64 * 1024) text += "-> 550 ";
  EXPECT_EQ(reason_of({550, {}, {text}}), Reason::mailbox_unknown);
  EXPECT_EQ(reason_of({550, {}, {std::string(64 * 1024, ':')}}), Reason::mailbox_unknown);
}

TEST(HostileReply, OfRandomBytesHasTheSameAnswerTwice) {
  std::mt19937 random(20250101);
  for (int i = 0; i < 300; ++i) {
    Reply reply{static_cast<int>(random() % 700), {}, {}};
    for (auto lines = random() % 4; lines > 0; --lines) {
      std::string line(random() % 300, '\0');
      for (auto& c : line) c = static_cast<char>(random());
      reply.lines.push_back(line);
    }
    const auto& knowledge = *Knowledge::built_in();
    const auto first = knowledge.classify(std::nullopt, reply);
    EXPECT_EQ(first.rule_id, knowledge.classify(std::nullopt, reply).rule_id);
    EXPECT_FALSE(first.rule_id.empty());
  }
}

TEST(QuotedReply, IsTheInnermost) {
  const auto quoted = find_quoted_reply("a said: 550 b said: 552 5.2.2 full");
  ASSERT_TRUE(quoted);
  EXPECT_EQ(quoted->code, 552);
  EXPECT_EQ(quoted->enhanced, (EnhancedCode{5, 2, 2}));
  EXPECT_EQ(quoted->text, "full");
}

TEST(QuotedReply, IsNotAnyNumber) {
  EXPECT_FALSE(find_quoted_reply("limit: 500"));
  EXPECT_FALSE(find_quoted_reply("sent: 250 messages"));
  EXPECT_FALSE(find_quoted_reply("id 550 items"));
  EXPECT_FALSE(find_quoted_reply(""));
}

}  // namespace
}  // namespace sre
