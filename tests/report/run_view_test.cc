#include "agent/report/run_view.h"

#include <gmock/gmock.h>

#include "agent/knowledge/knowledge.h"

namespace sre {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;

Step step(Phase phase, std::string command, const std::string& reply, milliseconds took) {
  Step made{phase, std::move(command), std::nullopt, {}, took};
  if (!reply.empty()) made.reply = Reply::from_text(reply);
  return made;
}

// A login that came as far as its reply.
Run login(const std::string& reply) {
  Target target;
  target.name = "corp";
  target.host = "mx.test";
  target.port = 587;
  target.tls = TlsMode::starttls;
  Check check;
  check.target = std::make_shared<const Target>(target);
  check.name = "login";
  check.kind = Kind::login;
  Run run;
  run.check = std::make_shared<const Check>(check);
  run.transcript.steps = {
      step(Phase::connect, "192.0.2.1:587", "", milliseconds{2}),
      step(Phase::banner, "", "220 mx.test ESMTP", milliseconds{5}),
      step(Phase::ehlo, "EHLO me.test", "250-mx.test\n250 AUTH PLAIN", milliseconds{12}),
      step(Phase::auth, "AUTH PLAIN <secret>", reply, milliseconds{30})};
  run.verdict.phase = Phase::auth;
  run.verdict.reply = Reply::from_text(reply);
  run.verdict.expected = "235";
  return run;
}

Run passed() {
  Run run = login("235 2.7.0 welcome");
  run.verdict.passed = true;
  run.verdict.reason = Reason::ok;
  return run;
}

Run failed(const std::string& reply = "535 5.7.8 Error: authentication failed") {
  Run run = login(reply);
  run.verdict.reason = Reason::auth_credentials_invalid;
  return run;
}

RunView view(bool color = false) { return {*Knowledge::built_in(), "en", color}; }

constexpr auto kDialogue = R"(corp/login  do these credentials still work? mx.test:587 tls=starttls
        2.0 ms  connect   192.0.2.1:587
        5.0 ms  banner    220 mx.test ESMTP
                ehlo      > EHLO me.test
                          250-mx.test
       12.0 ms            250 AUTH PLAIN
                auth      > AUTH PLAIN <secret>
)";

TEST(RunView, ShowsARunThatPassed) {
  EXPECT_EQ(view().whole(passed()), kDialogue + std::string(
                                                    R"(       30.0 ms            235 2.7.0 welcome
  PASSED at auth: 235 2.7.0
)"));
}

TEST(RunView, ShowsARunThatFailedWithTheReasonAndTheCure) {
  const auto& words = Knowledge::built_in()->reason_texts(Reason::auth_credentials_invalid, "en");
  EXPECT_EQ(view().whole(failed()),
            kDialogue +
                std::string(
                    R"(       30.0 ms            535 5.7.8 Error: authentication failed
  FAILED at auth: expected 235, got 535 5.7.8
  auth_credentials_invalid: )") +
                words.meaning + "\n  -> " + words.fix + "\n");
  EXPECT_NE(words.fix, "");
}

TEST(RunView, ShowsTheDetailBesideTheReason) {
  auto run = failed();
  run.verdict.detail = "the certificate ended yesterday";
  EXPECT_THAT(view().verdict(run), HasSubstr("\n  (the certificate ended yesterday)\n"));
}

TEST(RunView, SaysThatNoReplyCame) {
  auto run = failed();
  run.verdict.reply.reset();
  run.transcript.steps.back().reply.reset();
  EXPECT_THAT(view().whole(run), HasSubstr("30.0 ms            no reply\n"));
  EXPECT_THAT(view().verdict(run), HasSubstr("expected 235, got no reply\n"));
}

TEST(RunView, MakesWhatTheWireBroughtHarmless) {
  auto run = failed(
      "535 \x1b]0;owned\x07\x1b[2J\x9b"
      "31m\r\n\xc2\x9b");
  run.transcript.steps.front().command = "\x1b[2J";
  const auto shown = view(false).whole(run);
  EXPECT_THAT(shown, Not(HasSubstr("\x1b")));
  EXPECT_THAT(shown, Not(HasSubstr("\x07")));
  EXPECT_THAT(shown, Not(HasSubstr("\x9b")));
  EXPECT_THAT(shown, HasSubstr("\\x1B]0;owned\\x07\\x1B[2J\\x9B31m"));
}

TEST(RunView, CutsALineThatNobodyReads) {
  EXPECT_LT(view().whole(failed("535 " + std::string(100'000, 'x'))).size(), 5000U);
}

TEST(RunView, WritesAnAddressWithColonsInBrackets) {
  Check check = *failed().check;
  auto target = std::make_shared<Target>(*check.target);
  target->host = "2001:db8::1";
  check.target = target;
  EXPECT_THAT(view().heading(check), HasSubstr(" [2001:db8::1]:587 "));
  target->host = "";
  target->mx = "corp.test";
  EXPECT_THAT(view().heading(check), HasSubstr(" MX of corp.test:587 "));
}

TEST(RunView, IsColouredOnlyWhenAskedTo) {
  EXPECT_THAT(view(false).whole(failed()), Not(HasSubstr("\x1b[")));
  EXPECT_THAT(view(true).whole(failed()), HasSubstr("\x1b[31mFAILED at auth"));
  EXPECT_THAT(view(true).whole(passed()), HasSubstr("\x1b[32mPASSED at auth"));
}

}  // namespace
}  // namespace sre
