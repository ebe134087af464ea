#include "agent/session/mechanism.h"

#include <gmock/gmock.h>

namespace sre {
namespace {

Ehlo offering(const std::string& mechanisms) {
  return parse_ehlo(Reply::from_text("250-mx\n250 AUTH " + mechanisms));
}

Credentials by(std::string mechanism) {
  Credentials credentials;
  credentials.mechanism = std::move(mechanism);
  return credentials;
}

TEST(ChooseMechanism, TakesTheConfiguredOneAndNoOther) {
  EXPECT_EQ(choose_mechanism(by("LOGIN"), offering("SCRAM-SHA-256 LOGIN"), true), "LOGIN");
  EXPECT_EQ(choose_mechanism(by("CRAM-MD5"), offering("PLAIN LOGIN"), true), "");
  EXPECT_EQ(choose_mechanism(by("XOAUTH2"), offering("xoauth2"), true), "XOAUTH2");
}

TEST(ChooseMechanism, TakesTheStrongestUnderTls) {
  EXPECT_EQ(choose_mechanism(by("auto"), offering("LOGIN PLAIN SCRAM-SHA-1 SCRAM-SHA-256"), true),
            "SCRAM-SHA-256");
  EXPECT_EQ(choose_mechanism(by("auto"), offering("PLAIN SCRAM-SHA-1"), true), "SCRAM-SHA-1");
  EXPECT_EQ(choose_mechanism(by("auto"), offering("CRAM-MD5 LOGIN PLAIN"), true), "PLAIN");
  EXPECT_EQ(choose_mechanism(by("auto"), offering("CRAM-MD5 LOGIN"), true), "LOGIN");
}

TEST(ChooseMechanism, RatherHidesThePasswordInClear) {
  EXPECT_EQ(choose_mechanism(by("auto"), offering("PLAIN LOGIN CRAM-MD5"), false), "CRAM-MD5");
  EXPECT_EQ(choose_mechanism(by("auto"), offering("LOGIN PLAIN"), false), "PLAIN");
}

TEST(ChooseMechanism, PassesOverWhatCannotCarryThePassword) {
  auto login = by("auto");
  login.username = "probe";
  login.secret = Secret("robot\xF0\x9F\xA4\x96");
  EXPECT_EQ(choose_mechanism(login, offering("SCRAM-SHA-256 SCRAM-SHA-1 PLAIN"), true), "PLAIN");
  EXPECT_EQ(choose_mechanism(login, offering("CRAM-MD5 LOGIN"), false), "LOGIN");
  EXPECT_EQ(choose_mechanism(login, offering("SCRAM-SHA-1 SCRAM-SHA-256"), true), "SCRAM-SHA-256")
      << "which says why it does not work";
}

TEST(ChooseMechanism, TakesNothingThatAPasswordDoesNotFit) {
  EXPECT_EQ(choose_mechanism(by("auto"), offering("GSSAPI XOAUTH2 EXTERNAL NTLM"), true), "");
  EXPECT_EQ(choose_mechanism(by("auto"), Ehlo{}, true), "");
}

}  // namespace
}  // namespace sre
