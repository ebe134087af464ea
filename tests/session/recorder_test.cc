#include "agent/session/recorder.h"

#include <gmock/gmock.h>

#include "tests/session/manual_clock.h"

namespace sre {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;

class RecorderTest : public testing::Test {
 protected:
  ManualClock clock_;
  Recorder recorder_{clock_};
};

TEST_F(RecorderTest, WritesDownWhenAStepBeganAndWhatItTook) {
  clock_.advance(milliseconds{5});
  recorder_.begin(Phase::ehlo, "EHLO me");
  clock_.advance(milliseconds{20});
  recorder_.answer(Reply::from_text("250 hello"));
  clock_.advance(milliseconds{7});
  const Transcript transcript = recorder_.finish();
  ASSERT_EQ(transcript.steps.size(), 1U);
  EXPECT_EQ(transcript.steps[0].at, milliseconds{5});
  EXPECT_EQ(transcript.steps[0].took, milliseconds{20});
  EXPECT_EQ(transcript.steps[0].command, "EHLO me");
  EXPECT_EQ(transcript.duration, milliseconds{32});
  EXPECT_EQ(transcript.started.time_since_epoch(), std::chrono::hours{1});
}

TEST_F(RecorderTest, EndsAnOpenStepWhenTheNextBeginsAndAtTheFinish) {
  recorder_.begin(Phase::connect);
  clock_.advance(milliseconds{3});
  recorder_.begin(Phase::banner);
  clock_.advance(milliseconds{4});
  const Transcript transcript = recorder_.finish();
  EXPECT_EQ(transcript.duration_of(Phase::connect), milliseconds{3});
  EXPECT_EQ(transcript.duration_of(Phase::banner), milliseconds{4});
}

TEST_F(RecorderTest, TakesTheTimeOfAStepThatWasMeasuredElsewhere) {
  const Instant began = recorder_.now();
  recorder_.begin_at(began, Phase::connect);
  clock_.advance(milliseconds{50});
  recorder_.end_at(began + milliseconds{12});
  EXPECT_EQ(recorder_.finish().duration_of(Phase::connect), milliseconds{12});
}

TEST_F(RecorderTest, KnowsTheLastReplyAndNoneAfterAStepWithout) {
  EXPECT_EQ(recorder_.phase(), Phase::resolve);
  EXPECT_EQ(recorder_.last_reply(), nullptr);
  recorder_.begin(Phase::mail, "MAIL FROM:<>");
  recorder_.answer(Reply::from_text("250 ok"));
  ASSERT_NE(recorder_.last_reply(), nullptr);
  EXPECT_EQ(recorder_.last_reply()->code, 250);
  recorder_.begin(Phase::rcpt, "RCPT TO:<a@b>");
  EXPECT_EQ(recorder_.last_reply(), nullptr);
  EXPECT_EQ(recorder_.phase(), Phase::rcpt);
}

TEST_F(RecorderTest, GivesAReplyThatNothingAskedForAStepOfItsOwn) {
  recorder_.begin(Phase::banner);
  recorder_.answer(Reply::from_text("220 hello"));
  recorder_.answer(Reply::from_text("421 go away"));
  const Transcript transcript = recorder_.finish();
  ASSERT_EQ(transcript.steps.size(), 2U);
  EXPECT_EQ(transcript.steps[0].reply->code, 220);
  EXPECT_EQ(transcript.steps[1].phase, Phase::banner);
  EXPECT_EQ(transcript.steps[1].reply->code, 421);
}

TEST_F(RecorderTest, KeepsTheFirstFault) {
  recorder_.begin(Phase::auth);
  recorder_.fault(Phase::auth, Reason::read_timeout, "first");
  recorder_.fault(Phase::quit, Reason::connection_lost, "second");
  const Transcript transcript = recorder_.finish();
  ASSERT_TRUE(transcript.fault.has_value());
  EXPECT_EQ(transcript.fault->phase, Phase::auth);
  EXPECT_EQ(transcript.fault->reason, Reason::read_timeout);
  EXPECT_EQ(transcript.fault->detail, "first");
}

TEST_F(RecorderTest, KeepsWhatWasReceivedOfAReplyBesideItsFault) {
  const Reply partial = Reply::from_text("250-half");
  recorder_.begin(Phase::ehlo);
  recorder_.fault(Phase::ehlo, Reason::protocol_violation, "why", &partial);
  const Transcript transcript = recorder_.finish();
  ASSERT_TRUE(transcript.steps[0].reply.has_value());
  EXPECT_THAT(transcript.steps[0].reply->lines, ElementsAre("half"));
}

TEST_F(RecorderTest, KeepsAReplyThatDidNotEndApart) {
  const Reply partial = Reply::from_text("250-half");
  recorder_.begin(Phase::ehlo);
  recorder_.fault(Phase::ehlo, Reason::read_timeout, "why", &partial);
  const Transcript transcript = recorder_.finish();
  EXPECT_FALSE(transcript.steps[0].reply.has_value()) << "nothing is known of what it would say";
  EXPECT_THAT(transcript.steps[0].unfinished.value().lines, ElementsAre("half"));
}

TEST_F(RecorderTest, HasNoReplyWhereNothingOfOneWasReceived) {
  const Reply nothing;
  recorder_.begin(Phase::ehlo);
  recorder_.fault(Phase::ehlo, Reason::read_timeout, "why", &nothing);
  EXPECT_FALSE(recorder_.finish().steps[0].reply.has_value());
}

TEST_F(RecorderTest, ForgivesAFaultButNotItsStep) {
  recorder_.begin(Phase::connect, "192.0.2.1:25");
  recorder_.fault(Phase::connect, Reason::connection_refused, "no");
  recorder_.forgive();
  EXPECT_FALSE(recorder_.has_fault());
  recorder_.begin(Phase::connect, "192.0.2.2:25");
  recorder_.fault(Phase::connect, Reason::connect_timeout, "no");
  const Transcript transcript = recorder_.finish();
  EXPECT_EQ(transcript.steps.size(), 2U);
  EXPECT_EQ(transcript.fault->reason, Reason::connect_timeout);
}

TEST_F(RecorderTest, TakesSecretsOutOfRepliesPartsOfRepliesAndFaults) {
  recorder_.redactor().add(Secret("correct-horse-42"));
  recorder_.begin(Phase::auth, "AUTH PLAIN <secret>");
  recorder_.answer(
      Reply::from_text("535-no such thing as correct-horse-42\n535 Y29ycmVjdC1ob3JzZS00Mg=="));
  EXPECT_THAT(recorder_.last_reply()->lines, ElementsAre("no such thing as <secret>", "<secret>"));
  const Reply partial = Reply::from_text("250-correct-horse-42!");
  recorder_.begin(Phase::mail);
  recorder_.fault(Phase::mail, Reason::protocol_violation, "\"correct-horse-42\" is no reply",
                  &partial);
  const Transcript transcript = recorder_.finish();
  EXPECT_THAT(transcript.steps[1].reply->lines, ElementsAre("<secret>!"));
  EXPECT_EQ(transcript.fault->detail, "\"<secret>\" is no reply");
}

TEST_F(RecorderTest, MakesTheDetailOfAFaultPrintableAndShort) {
  recorder_.fault(Phase::banner, Reason::protocol_violation, "\x1b[31m" + std::string(1000, 'x'));
  const Transcript transcript = recorder_.finish();
  EXPECT_EQ(transcript.fault->detail.substr(0, 9), "\\x1B[31mx");
  EXPECT_LE(transcript.fault->detail.size(), 300U);
}

TEST_F(RecorderTest, TellsItsWatcherOfEachStepTwice) {
  std::vector<std::string> told;
  recorder_.watch([&](const Step& step, bool ended) {
    told.push_back(std::string(to_string(step.phase)) + (ended ? " ended" : " began") +
                   (step.reply ? " " + std::to_string(step.reply->code) : ""));
  });
  recorder_.begin(Phase::connect);
  recorder_.begin(Phase::banner);
  recorder_.answer(Reply::from_text("220 hello"));
  recorder_.begin(Phase::ehlo);
  recorder_.fault(Phase::ehlo, Reason::connection_lost, "gone");
  recorder_.finish();
  EXPECT_THAT(told, ElementsAre("connect began", "connect ended", "banner began",
                                "banner ended 220", "ehlo began", "ehlo ended"));
}

}  // namespace
}  // namespace sre
