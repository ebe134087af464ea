#include "agent/cli/probe_check.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "tests/base/files.h"

namespace sre {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class ProbeCheckTest : public testing::Test {
 protected:
  ProbeCheckTest() { options.host = "mx.test"; }

  void log_in() {
    options.user = "probe@mx.test";
    options.password_file = password;
    options.tls = TlsMode::starttls;
  }
  CheckPtr check() const {
    auto made = probe_check(options);
    EXPECT_TRUE(made) << made.error().message;
    return made.value();
  }
  std::string error() const {
    const auto made = probe_check(options);
    return made ? "no error" : made.error().message;
  }

  test::ScratchFolder folder;
  std::string password = folder.write("password", "correct-horse-42\n");
  ProbeOptions options;
};

TEST_F(ProbeCheckTest, AsksForTheGreetingAtPort25WhereNothingElseIsSaid) {
  const auto made = check();
  EXPECT_EQ(made->id(), "mx.test/greeting");
  EXPECT_EQ(made->target->port, 25);
  EXPECT_EQ(made->until, Phase::ehlo);
  EXPECT_EQ(made->timeout, std::chrono::seconds{15});
}

TEST_F(ProbeCheckTest, AsksForTlsWhereTlsIsAskedForAtItsUsualPort) {
  options.tls = TlsMode::starttls;
  EXPECT_EQ(check()->kind, Kind::tls);
  EXPECT_EQ(check()->target->port, 587);
  options.tls = TlsMode::implicit;
  EXPECT_EQ(check()->kind, Kind::tls);
  EXPECT_EQ(check()->target->port, 465);
  options.port = 2465;
  EXPECT_EQ(check()->target->port, 2465);
}

TEST_F(ProbeCheckTest, AsksForALoginWhereAUserIsNamed) {
  log_in();
  const auto made = check();
  EXPECT_EQ(made->kind, Kind::login);
  ASSERT_NE(made->target->credentials, nullptr);
  EXPECT_EQ(made->target->credentials->secret.reveal(), "correct-horse-42");
  EXPECT_THAT(made->target->credentials->hosts, ElementsAre("mx.test"));
  EXPECT_EQ(made->from, "probe@mx.test") << "the sender is the user where that is an address";
}

TEST_F(ProbeCheckTest, NeedsTlsForAPasswordUnlessToldOtherwise) {
  log_in();
  for (const auto mode : {TlsMode::none, TlsMode::opportunistic}) {
    options.tls = mode;
    options.allow_cleartext_login = false;
    EXPECT_THAT(error(), HasSubstr("--allow-cleartext-login"));
    options.allow_cleartext_login = true;
    EXPECT_TRUE(check()->target->allow_cleartext_login);
  }
}

TEST_F(ProbeCheckTest, NeedsAUserAndAPasswordTogether) {
  log_in();
  options.password_file.clear();
  EXPECT_THAT(error(), HasSubstr("--user needs --password-file"));
  log_in();
  options.user.clear();
  EXPECT_THAT(error(), HasSubstr("--password-file needs --user"));
}

TEST_F(ProbeCheckTest, NeedsNoPasswordForExternal) {
  log_in();
  options.password_file.clear();
  options.mechanism = "EXTERNAL";
  EXPECT_EQ(check()->target->credentials->mechanism, "EXTERNAL");
}

TEST_F(ProbeCheckTest, TakesAMechanismInAnyCase) {
  log_in();
  options.mechanism = "cram-md5";
  EXPECT_EQ(check()->target->credentials->mechanism, "CRAM-MD5");
}

TEST_F(ProbeCheckTest, RefusesAMechanismThatIsNoneBeforeTheServerDoes) {
  log_in();
  options.mechanism = "PLAN";
  EXPECT_EQ(error(),
            "--mechanism: \"PLAN\" is no mechanism that is known here; did you mean \"PLAIN\"?");
}

TEST_F(ProbeCheckTest, NeedsAUserForAMechanism) {
  options.mechanism = "PLAIN";
  EXPECT_THAT(error(), HasSubstr("--mechanism needs --user"));
}

TEST_F(ProbeCheckTest, RefusesAPasswordThatOthersCanRead) {
  log_in();
  ::chmod(password.c_str(), 0644);
  EXPECT_THAT(error(),
              testing::AllOf(HasSubstr("--password-file: "), Not(HasSubstr("correct-horse-42"))));
}

TEST_F(ProbeCheckTest, SaysWhichPasswordFileIsMissing) {
  log_in();
  options.password_file = "/nonexistent/password";
  EXPECT_THAT(error(), HasSubstr("/nonexistent/password"));
}

TEST_F(ProbeCheckTest, NeedsWhatTheKindNeeds) {
  options.kind = Kind::login;
  EXPECT_THAT(error(), HasSubstr("--kind=login needs --user and --password-file"));
  options.kind = Kind::recipient;
  EXPECT_THAT(error(), HasSubstr("--kind=recipient needs --to=ADDRESS"));
  options.to = "postmaster";
  EXPECT_EQ(check()->until, Phase::rcpt);
  options.kind = Kind::tls;
  options.tls = TlsMode::none;
  EXPECT_THAT(error(), HasSubstr("--kind=tls needs --tls=starttls or --tls=implicit"));
}

TEST_F(ProbeCheckTest, HoldsEachTextToTheRuleOfTheConfiguration) {
  const auto wrong = [&](std::string ProbeOptions::*option, const std::string& text) {
    options = ProbeOptions{};
    options.host = "mx.test";
    options.*option = text;
    return error();
  };
  EXPECT_THAT(wrong(&ProbeOptions::host, "mx test"), HasSubstr("HOST: "));
  EXPECT_THAT(wrong(&ProbeOptions::helo, "a\r\nQUIT"), HasSubstr("--helo: "));
  EXPECT_THAT(wrong(&ProbeOptions::from, "a@b>\r\nDATA"), HasSubstr("--from: "));
  EXPECT_THAT(wrong(&ProbeOptions::to, "a b@c.test"), HasSubstr("--to: "));
  EXPECT_THAT(wrong(&ProbeOptions::user, "a\nb"), HasSubstr("--user: "));
  EXPECT_THAT(wrong(&ProbeOptions::server_name, "a/b"), HasSubstr("--server-name: "));
}

TEST_F(ProbeCheckTest, TakesTheRestAsItIs) {
  options.ca_file = "/etc/ca.pem";
  options.server_name = "other.test";
  options.verify = false;
  options.helo = "me.test";
  options.timeout = std::chrono::seconds{3};
  const auto made = check();
  EXPECT_EQ(made->target->ca_file, "/etc/ca.pem");
  EXPECT_EQ(made->target->server_name, "other.test");
  EXPECT_FALSE(made->target->verify);
  EXPECT_EQ(made->helo, "me.test");
  EXPECT_EQ(made->timeout, std::chrono::seconds{3});
}

}  // namespace
}  // namespace sre
