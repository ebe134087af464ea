#include <gmock/gmock.h>

#include "agent/knowledge/knowledge.h"
#include "agent/verdict/verdict.h"
#include "tests/verdict/sample_run.h"

namespace sre {
namespace {

using testing::HasSubstr;

Verdict judged(const Check& check, const Story& story) {
  return judge(check, story.transcript, *Knowledge::built_in());
}

// "pass at ehlo: 250, ok"; "none" in the place of the code where no reply decided.
std::string outcome(const Check& check, const Story& story) {
  const Verdict verdict = judged(check, story);
  return std::string(verdict.passed ? "pass" : "fail") + " at " +
         std::string(to_string(verdict.phase)) + ": " +
         (verdict.reply ? std::to_string(verdict.reply->code) : "none") + ", " +
         std::string(to_string(verdict.reason));
}
std::string outcome(Kind kind, const Story& story) { return outcome(sample_check(kind), story); }

Check expecting(Check check, Phase phase, std::string_view pattern) {
  check.expect.insert_or_assign(phase, *ReplyPattern::parse(pattern));
  return check;
}

Story hello() { return Story().hello(); }
Story upgraded() { return Story().hello().upgrade(); }

TEST(JudgeGreeting, PassesWithBannerAndEhlo) {
  EXPECT_EQ(outcome(Kind::greeting, hello()), "pass at ehlo: 250, ok");
}

TEST(JudgeGreeting, FailsWithTheFirstReplyThatIsNotAsExpected) {
  EXPECT_EQ(outcome(Kind::greeting,
                    Story().step(Phase::connect).step(Phase::banner, "554 No SMTP service here")),
            "fail at banner: 554, no_mail_service");
  EXPECT_EQ(outcome(Kind::greeting, Story().step(Phase::banner, "250 hello")),
            "fail at banner: 250, unexpected_reply")
      << "positive, but no greeting";
}

TEST(JudgeGreeting, TellsAFaultWhereNoReplyCame) {
  const Story refused =
      Story().step(Phase::connect).fault(Phase::connect, Reason::connection_refused, "refused");
  EXPECT_EQ(outcome(Kind::greeting, refused), "fail at connect: none, connection_refused");
  EXPECT_EQ(judged(sample_check(Kind::greeting), refused).detail, "refused");
  EXPECT_EQ(outcome(Kind::greeting,
                    Story().step(Phase::banner).fault(Phase::banner, Reason::read_timeout)),
            "fail at banner: none, read_timeout");
}

TEST(JudgeGreeting, TakesHeloForEhlo) {
  const Story helo = Story().step(Phase::banner, "220 hi").step(Phase::ehlo, "502 what?");
  EXPECT_EQ(outcome(Kind::greeting, Story(helo).step(Phase::ehlo, "250 hi")),
            "pass at ehlo: 250, ok");
  EXPECT_EQ(outcome(Kind::greeting, Story(helo).step(Phase::ehlo, "550 5.7.1 go away")),
            "fail at ehlo: 550, access_denied");
}

TEST(JudgeGreeting, RatherTakesARefusalThanTheSilenceAfterIt) {
  const Story closed = Story()
                           .step(Phase::banner, "220 hi")
                           .step(Phase::ehlo, "421 4.3.2 shutting down")
                           .step(Phase::ehlo)
                           .fault(Phase::ehlo, Reason::connection_lost);
  EXPECT_EQ(judged(sample_check(Kind::greeting), closed).reply.value().code, 421);
}

TEST(JudgeGreeting, CallsAReplyWithTwoCodesAViolation) {
  const Story mixed = Story()
                          .step(Phase::banner, "554-one\n554 other")
                          .fault(Phase::banner, Reason::protocol_violation, "two codes");
  EXPECT_EQ(outcome(Kind::greeting, mixed), "fail at banner: 554, protocol_violation");
  EXPECT_EQ(judged(sample_check(Kind::greeting), mixed).detail, "two codes");
}

TEST(JudgeGreeting, KnowsAFaultyReplyWithTheWantedCode) {
  const auto faulty = [](std::string_view reply) {
    return is_faulty_reply(judged(
        sample_check(Kind::greeting),
        Story().step(Phase::banner, reply).fault(Phase::banner, Reason::protocol_violation)));
  };
  EXPECT_TRUE(faulty("220-endless"));
  EXPECT_FALSE(faulty("554-endless"));
  EXPECT_FALSE(faulty(""));
  EXPECT_FALSE(is_faulty_reply(judged(sample_check(Kind::greeting), hello()))) << "it passed";
}

TEST(JudgeGreeting, ForgivesARudeGoodbye) {
  Story rude = hello().step(Phase::quit).fault(Phase::quit, Reason::connection_lost);
  EXPECT_EQ(outcome(Kind::greeting, rude), "pass at ehlo: 250, ok");
  EXPECT_EQ(outcome(Kind::greeting, hello().step(Phase::quit, "500 what?")),
            "pass at ehlo: 250, ok");
}

TEST(JudgeTls, PassesWithAGoodCertificate) {
  EXPECT_TRUE(judged(sample_check(Kind::tls), upgraded()).passed);
}

TEST(JudgeTls, FailsWithTheCertificatesProblem) {
  Story bad = upgraded();
  bad.transcript.tls->problem = Reason::certificate_name_mismatch;
  bad.transcript.tls->problem_detail = "hostname mismatch";
  EXPECT_EQ(outcome(Kind::tls, bad), "fail at tls: none, certificate_name_mismatch");
  EXPECT_EQ(judged(sample_check(Kind::tls), bad).detail, "hostname mismatch");
  EXPECT_TRUE(judged(sample_check(Kind::greeting), bad).passed) << "another question";
}

TEST(JudgeTls, FailsWhenTheCertificateEndsSoon) {
  EXPECT_EQ(outcome(Kind::tls, Story().hello().upgrade(13)),
            "fail at tls: none, certificate_expired");
  EXPECT_THAT(judged(sample_check(Kind::tls), Story().hello().upgrade(13)).detail,
              HasSubstr("13 days"));
  EXPECT_TRUE(judged(sample_check(Kind::tls), Story().hello().upgrade(14)).passed);
}

TEST(JudgeTls, FailsWithoutStarttlsEvenWhereItIsOptional) {
  Check check = sample_check(Kind::tls, TlsMode::opportunistic);
  EXPECT_EQ(outcome(check, hello()), "fail at starttls: none, starttls_not_offered");
  EXPECT_EQ(outcome(check, hello().step(Phase::starttls, "454 4.7.0 TLS not available")),
            "fail at starttls: 454, starttls_unavailable");
}

TEST(JudgeTls, WithoutVerificationLooksAtNoCertificateButWantsTls) {
  Check check = sample_check(Kind::tls, TlsMode::opportunistic);
  auto lenient = *check.target;
  lenient.verify = false;
  check.target = std::make_shared<const Target>(lenient);
  Story bad = Story().hello().upgrade(1);
  bad.transcript.tls->problem = Reason::certificate_untrusted;
  EXPECT_TRUE(judged(check, bad).passed);
  EXPECT_EQ(outcome(check, hello()), "fail at starttls: none, starttls_not_offered");
}

TEST(JudgeTls, TellsAFailedHandshake) {
  const Story failed = hello()
                           .step(Phase::starttls, "220 go ahead")
                           .step(Phase::tls)
                           .fault(Phase::tls, Reason::tls_handshake_failed);
  EXPECT_EQ(outcome(Kind::tls, failed), "fail at tls: none, tls_handshake_failed");
}

TEST(JudgeLogin, PassesWith235AfterAnyChallenges) {
  EXPECT_EQ(outcome(Kind::login, upgraded().step(Phase::auth, "235 2.7.0 ok")),
            "pass at auth: 235, ok");
  EXPECT_EQ(outcome(Kind::login, upgraded()
                                     .step(Phase::auth, "334 VXNlcm5hbWU6")
                                     .step(Phase::auth, "334 UGFzc3dvcmQ6")
                                     .step(Phase::auth, "235 ok")),
            "pass at auth: 235, ok");
}

TEST(JudgeLogin, FailsWithTheReasonOfTheRefusal) {
  const Story refused = upgraded()
                            .step(Phase::auth, "334 VXNlcm5hbWU6")
                            .step(Phase::auth, "535 5.7.8 Error: authentication failed");
  EXPECT_EQ(outcome(Kind::login, refused), "fail at auth: 535, auth_credentials_invalid");
  const Verdict verdict = judged(sample_check(Kind::login), refused);
  EXPECT_EQ(verdict.expected, "235");
  EXPECT_FALSE(verdict.rule.empty());
}

TEST(JudgeLogin, TellsAConnectionLostAfterAChallenge) {
  const Story lost = upgraded()
                         .step(Phase::auth, "334 VXNlcm5hbWU6")
                         .step(Phase::auth)
                         .fault(Phase::auth, Reason::connection_lost);
  EXPECT_EQ(outcome(Kind::login, lost), "fail at auth: none, connection_lost");
}

TEST(JudgeLogin, TellsAnExchangeThatWasCancelled) {
  const Story cancelled = upgraded()
                              .step(Phase::auth, "334 nonsense")
                              .step(Phase::auth, "501 cancelled")
                              .fault(Phase::auth, Reason::auth_exchange_error);
  EXPECT_EQ(outcome(Kind::login, cancelled), "fail at auth: 501, auth_exchange_error");
  EXPECT_EQ(judged(sample_check(Kind::login), Story(cancelled).step(Phase::quit, "221 bye")).reason,
            Reason::auth_exchange_error)
      << "a goodbye changes nothing";
  EXPECT_EQ(outcome(Kind::login, Story(cancelled).step(Phase::quit, "221 bye")),
            "fail at auth: 501, auth_exchange_error");
}

TEST(JudgeLogin, DoesNotTakeAnotherPositiveCodeForALogin) {
  EXPECT_EQ(outcome(Kind::login, upgraded().step(Phase::auth, "250 ok")),
            "fail at auth: 250, unexpected_reply");
}

TEST(JudgeLogin, TellsTheGateThatKeptTheSecretBack) {
  EXPECT_EQ(outcome(Kind::login, upgraded().fault(Phase::tls, Reason::certificate_expired)),
            "fail at tls: none, certificate_expired");
  EXPECT_EQ(outcome(Kind::login, upgraded().fault(Phase::auth, Reason::auth_not_offered)),
            "fail at auth: none, auth_not_offered");
}

TEST(JudgeLogin, ExpectsWhatTheUserExpects) {
  const Check check = expecting(sample_check(Kind::login), Phase::auth, "535 5.7.8");
  EXPECT_EQ(outcome(check, upgraded().step(Phase::auth, "535 5.7.8 no")), "pass at auth: 535, ok");
  EXPECT_EQ(outcome(check, upgraded().step(Phase::auth,
                                           "535 5.7.139 SmtpClientAuthentication "
                                           "is disabled for the Tenant")),
            "fail at auth: 535, auth_method_disabled");
  EXPECT_FALSE(judged(check, upgraded().step(Phase::auth, "535 no")).passed)
      << "no enhanced code is another one";
  EXPECT_EQ(outcome(check, upgraded().step(Phase::auth, "235 ok")),
            "fail at auth: 235, unexpected_acceptance");
}

TEST(JudgeLoginRefused, PassesWhenWrongCredentialsAreRefused) {
  EXPECT_EQ(outcome(Kind::login_refused, upgraded().step(Phase::auth, "535 5.7.8 no")),
            "pass at auth: 535, ok");
  EXPECT_EQ(outcome(Kind::login_refused, upgraded().step(Phase::auth, "235 welcome")),
            "fail at auth: 235, unexpected_acceptance");
  EXPECT_FALSE(
      judged(sample_check(Kind::login_refused), upgraded().step(Phase::auth, "454 4.7.0 later"))
          .passed)
      << "a server that cannot tell now";
}

TEST(JudgeLoginRequired, PassesWithARefusalAtMailOrAtRcpt) {
  EXPECT_EQ(outcome(Kind::login_required,
                    upgraded().step(Phase::mail, "530 5.7.0 Authentication required")),
            "pass at mail: 530, ok");
  EXPECT_EQ(outcome(Kind::login_required,
                    upgraded().step(Phase::mail, "250 ok").step(Phase::rcpt, "554 5.7.1 denied")),
            "pass at rcpt: 554, ok");
}

TEST(JudgeLoginRequired, FailsWhenMailIsAcceptedAtBoth) {
  EXPECT_EQ(outcome(Kind::login_required,
                    upgraded().step(Phase::mail, "250 ok").step(Phase::rcpt, "250 ok")),
            "fail at rcpt: 250, unexpected_acceptance");
}

TEST(JudgeLoginRequired, DoesNotTakeATemporaryRefusalOrALostConnectionForOne) {
  EXPECT_EQ(outcome(Kind::login_required,
                    upgraded()
                        .step(Phase::mail, "250 ok")
                        .step(Phase::rcpt, "450 4.2.0 Greylisted, try again later")),
            "fail at rcpt: 450, greylisted");
  EXPECT_EQ(outcome(Kind::login_required, upgraded()
                                              .step(Phase::mail, "250 ok")
                                              .step(Phase::rcpt)
                                              .fault(Phase::rcpt, Reason::connection_lost)),
            "fail at rcpt: none, connection_lost");
}

TEST(JudgeRelayRefused, PassesWithARefusalAndFailsAtAnOpenRelay) {
  const Story mail = upgraded().step(Phase::mail, "250 ok");
  EXPECT_EQ(outcome(Kind::relay_refused, Story(mail).step(Phase::rcpt, "550 5.7.1 no relaying")),
            "pass at rcpt: 550, ok");
  EXPECT_EQ(outcome(Kind::relay_refused, Story(mail).step(Phase::rcpt, "250 ok")),
            "fail at rcpt: 250, unexpected_acceptance");
}

TEST(JudgeRecipient, PassesWhenTheRecipientIsAccepted) {
  const Story mail = upgraded().step(Phase::mail, "250 ok");
  EXPECT_EQ(outcome(Kind::recipient, Story(mail).step(Phase::rcpt, "251 forwarded")),
            "pass at rcpt: 251, ok");
  EXPECT_EQ(outcome(Kind::recipient, Story(mail).step(Phase::rcpt, "550 5.1.1 User unknown")),
            "fail at rcpt: 550, mailbox_unknown");
}

TEST(JudgeDelivery, PassesWhenTheWholeMessageIsAccepted) {
  const Story data = upgraded()
                         .step(Phase::mail, "250 ok")
                         .step(Phase::rcpt, "250 ok")
                         .step(Phase::data, "354 go on");
  EXPECT_EQ(outcome(Kind::delivery, Story(data).step(Phase::message, "250 2.0.0 queued")),
            "pass at message: 250, ok");
  EXPECT_EQ(outcome(Kind::delivery,
                    Story(data).step(Phase::message, "552 5.3.4 Message too big for system")),
            "fail at message: 552, message_too_large");
}

TEST(JudgeAny, NeverPassesARunThatSawNothing) {
  for (const Kind kind : kKinds) {
    EXPECT_FALSE(judged(sample_check(kind), Story()).passed) << to_string(kind);
  }
}

}  // namespace
}  // namespace sre
