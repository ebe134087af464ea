#include "agent/session/gates.h"

#include <gmock/gmock.h>

namespace sre {
namespace {

using testing::HasSubstr;
using testing::Not;

// A login for which all four gates are open; each test shuts one.
class Gates : public testing::Test {
 protected:
  Gates() {
    credentials_.name = "corp";
    credentials_.username = "probe@example.com";
    credentials_.secret = Secret("correct-horse-42");
    credentials_.hosts = {"smtp.example.com", "*.relay.example.com"};
    so_far_.ehlo_after_tls = parse_ehlo(Reply::from_text("250-mx\n250 AUTH PLAIN LOGIN"));
    so_far_.tls.emplace();
  }

  std::optional<Fault> shut() const {
    return shut_gate(target_, credentials_, host_, mechanism_, so_far_);
  }
  Fault fault() const {
    const auto found = shut();
    EXPECT_TRUE(found.has_value()) << "all gates are open";
    if (!found) return Fault{Phase::quit, Reason::ok, ""};
    EXPECT_THAT(found->detail, Not(HasSubstr("correct-horse")));
    return *found;
  }

  Target target_;
  Credentials credentials_;
  std::string host_ = "smtp.example.com";
  std::string mechanism_ = "PLAIN";
  Transcript so_far_;
};

TEST_F(Gates, LetASecretThroughWhenAllAreOpen) { EXPECT_FALSE(shut().has_value()); }

TEST_F(Gates, KeepItBackWithoutTls) {
  so_far_.ehlo_before_tls = std::exchange(so_far_.ehlo_after_tls, std::nullopt);
  so_far_.tls.reset();
  EXPECT_EQ(fault().phase, Phase::starttls);
  EXPECT_EQ(fault().reason, Reason::starttls_not_offered);
  target_.tls = TlsMode::none;
  EXPECT_TRUE(shut().has_value()) << "a target in clear is no leave";
  target_.verify = false;
  EXPECT_TRUE(shut().has_value()) << "nor is a certificate that does not matter";
}

TEST_F(Gates, LetItThroughInClearWhereThatIsAllowed) {
  so_far_.ehlo_before_tls = std::exchange(so_far_.ehlo_after_tls, std::nullopt);
  so_far_.tls.reset();
  target_.allow_cleartext_login = true;
  EXPECT_FALSE(shut().has_value());
}

TEST_F(Gates, KeepItBackFromABadCertificateAndNameItsFault) {
  for (const Reason reason : {Reason::certificate_expired, Reason::certificate_untrusted,
                              Reason::certificate_name_mismatch}) {
    so_far_.tls->problem = reason;
    so_far_.tls->problem_detail = "why";
    EXPECT_EQ(fault().phase, Phase::tls);
    EXPECT_EQ(fault().reason, reason);
    EXPECT_EQ(fault().detail, "why");
  }
}

TEST_F(Gates, AskForAGoodCertificateWhereALoginInClearIsAllowedToo) {
  so_far_.tls->problem = Reason::certificate_untrusted;
  target_.allow_cleartext_login = true;
  EXPECT_EQ(fault().reason, Reason::certificate_untrusted);
}

TEST_F(Gates, LetItThroughWithAnyCertificateWhereNoneIsVerified) {
  so_far_.tls->problem = Reason::certificate_untrusted;
  target_.verify = false;
  EXPECT_FALSE(shut().has_value());
}

TEST_F(Gates, KeepItBackFromHostsThatItIsNotFor) {
  for (const auto* host : {"smtp.example.com.evil.test", "xsmtp.example.com", "smtp.example.co",
                           "relay.example.com", "a.relay.example.com.evil.test", "192.0.2.1", ""}) {
    host_ = host;
    EXPECT_EQ(fault().phase, Phase::auth) << host;
    EXPECT_EQ(fault().reason, Reason::internal_error) << host;
    EXPECT_THAT(fault().detail, HasSubstr("\"corp\""));
  }
  host_ = "smtp.example.com";
  credentials_.hosts.clear();
  EXPECT_TRUE(shut().has_value()) << "credentials for no host at all";
}

TEST_F(Gates, KnowTheHostByPatternAndInAnyCase) {
  host_ = "SMTP.Example.COM";
  EXPECT_FALSE(shut().has_value());
  host_ = "eu-7.relay.example.com";
  EXPECT_FALSE(shut().has_value());
}

TEST_F(Gates, AskForTheHostBeforeTheMechanism) {
  host_ = "evil.test";
  mechanism_.clear();
  EXPECT_EQ(fault().reason, Reason::internal_error);
}

TEST_F(Gates, KeepItBackWhereNoAuthIsOffered) {
  mechanism_.clear();
  so_far_.ehlo_after_tls = parse_ehlo(Reply::from_text("250-mx\n250 SIZE 1000"));
  so_far_.ehlo_before_tls = parse_ehlo(Reply::from_text("250-mx\n250 AUTH PLAIN"));
  EXPECT_EQ(fault().phase, Phase::auth);
  EXPECT_EQ(fault().reason, Reason::auth_not_offered);
  EXPECT_EQ(fault().detail, "the server does not offer AUTH") << "what was said in clear is void";
}

TEST_F(Gates, TellWhichMechanismIsMissing) {
  mechanism_.clear();
  credentials_.mechanism = "CRAM-MD5";
  EXPECT_EQ(fault().detail, "the server offers AUTH PLAIN LOGIN, but not CRAM-MD5");
  credentials_.mechanism = "auto";
  EXPECT_EQ(fault().detail,
            "the server offers AUTH PLAIN LOGIN, but not a mechanism that \"auto\" takes");
  EXPECT_EQ(fault().reason, Reason::auth_not_offered);
}

TEST_F(Gates, LetInventedCredentialsPassWithTheLastOneAlone) {
  so_far_.tls.reset();
  EXPECT_FALSE(mechanism_gate(credentials_, "PLAIN", so_far_).has_value());
  const auto shut = mechanism_gate(credentials_, "", Transcript{});
  ASSERT_TRUE(shut.has_value());
  EXPECT_EQ(shut->reason, Reason::auth_not_offered);
}

}  // namespace
}  // namespace sre
