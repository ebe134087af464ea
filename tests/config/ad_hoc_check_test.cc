#include "agent/config/ad_hoc_check.h"

#include "tests/config/scratch.h"

namespace sre {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using testing::HasSubstr;

class AdHocCheck : public Scratch {
 protected:
  Config config() const {
    return parsed(
        "[credentials.corp]\nusername = \"probe\"\npassword_file = \"secret\"\n"
        "hosts = [\"*.example.com\"]\n"
        "[probe.module.submission]\ntls = \"starttls\"\nkind = \"login\"\n"
        "credentials = \"corp\"\ntimeout = \"7s\"\ntargets = [\"*.example.com:587\"]\n"
        "[probe.module.mx]\ntargets = [\"[2001:db8::*]:25\", \"mx.test:*\"]\n"
        "[probe.module.net]\ntargets = [\"192.0.2.*:25\", \"10.*:25\"]\n");
  }
  Result<CheckPtr> asked(std::string_view module, std::string_view target,
                         Duration limit = hours{1}) const {
    return ad_hoc_check(config(), module, target, limit);
  }
  std::string refusal(std::string_view module, std::string_view target) const {
    const auto check = asked(module, target);
    return check ? "" : check.error().message;
  }
};

TEST_F(AdHocCheck, IsTheModulesQuestionPutToTheTarget) {
  const auto check = asked("submission", "smtp.example.com:587");
  ASSERT_TRUE(check) << check.error().message;
  EXPECT_EQ((*check)->kind, Kind::login);
  EXPECT_EQ((*check)->target->host, "smtp.example.com");
  EXPECT_EQ((*check)->target->port, 587);
  EXPECT_EQ((*check)->target->tls, TlsMode::starttls);
  EXPECT_EQ((*check)->target->credentials->username, "probe");
  EXPECT_FALSE((*check)->expect.empty());
}

TEST_F(AdHocCheck, TakesThePortOfTheTlsModeWhereNoneIsNamed) {
  EXPECT_EQ((*asked("submission", "smtp.example.com"))->target->port, 587);
  EXPECT_EQ((*asked("mx", "mx.test"))->target->port, 25);
}

TEST_F(AdHocCheck, TakesAnAddressInBracketsOrWithout) {
  EXPECT_EQ((*asked("mx", "[2001:db8::1]:25"))->target->host, "2001:db8::1");
  EXPECT_EQ((*asked("mx", "2001:db8::1"))->target->port, 25);
}

TEST_F(AdHocCheck, EndsWithinTheShorterOfBothTimes) {
  EXPECT_EQ((*asked("submission", "a.example.com", seconds{3}))->timeout, seconds{3});
  EXPECT_EQ((*asked("submission", "a.example.com", seconds{30}))->timeout, seconds{7});
}

TEST_F(AdHocCheck, IsNotSentWhereTheModuleMayNotGo) {
  EXPECT_EQ(refusal("submission", "evil.test:587"),
            "the module submission may not be sent to evil.test:587; its targets are "
            "*.example.com:587");
  EXPECT_NE(refusal("submission", "smtp.example.com:25"), "") << "another port";
  EXPECT_NE(refusal("submission", "example.com.evil.test:587"), "");
  EXPECT_NE(refusal("submission", "evil.test"), "");
}

TEST_F(AdHocCheck, MeansAddressesWhereThePatternIsOfNumbers) {
  EXPECT_TRUE(asked("net", "192.0.2.7"));
  EXPECT_TRUE(asked("net", "10.1.2.3:25"));
  EXPECT_NE(refusal("net", "192.0.2.evil.test"), "") << "anybody may own that name";
  EXPECT_NE(refusal("net", "10.evil.test:25"), "");
}

TEST_F(AdHocCheck, HasATargetThatIsAHostAndNothingElse) {
  for (const auto* hostile :
       {"a@evil.test/.example.com:587", "evil.test\r\n.example.com:587",
        "evil.test#.example.com:587", "evil.test:587/.example.com:587", "-.example.com:587",
        "*.example.com:587", "a..example.com:587", ".example.com:587", "a%00.example.com:587"}) {
    EXPECT_THAT(refusal("submission", hostile), HasSubstr("target: ")) << hostile;
  }
  EXPECT_EQ((*asked("submission", "SMTP.Example.COM:587"))->target->host, "smtp.example.com");
}

TEST_F(AdHocCheck, SaysWhatIsMissing) {
  EXPECT_EQ(refusal("", "a.example.com"),
            "the parameter module is missing; the modules are submission, mx, net");
  EXPECT_EQ(refusal("submision", "a.example.com"),
            "there is no module \"submision\"; the modules are submission, mx, net");
  EXPECT_EQ(refusal("mx", ""), "the parameter target is missing; write target=HOST:PORT");
  EXPECT_EQ(ad_hoc_check(parsed(""), "mx", "mx.test", hours{1}).error().message,
            "no module is configured, so nothing can be probed; add [probe.module.NAME]");
}

}  // namespace
}  // namespace sre
