#include "agent/session/sasl.h"

#include <gmock/gmock.h>

#include <boost/beast/core/detail/base64.hpp>

#include "agent/base/text.h"

namespace sre {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string decoded(std::string_view text) {
  namespace base64 = boost::beast::detail::base64;
  std::string raw(base64::decoded_size(text.size()), '\0');
  raw.resize(base64::decode(raw.data(), text.data(), text.size()).first);
  return raw;
}

Credentials login_of(std::string user, std::string secret) {
  Credentials credentials;
  credentials.username = std::move(user);
  credentials.secret = Secret(std::move(secret));
  return credentials;
}

class SaslTest : public testing::Test {
 protected:
  std::unique_ptr<SaslExchange> begin(std::string_view mechanism, const Credentials& credentials) {
    auto exchange = sasl_.begin(mechanism, credentials, {"smtp.example.com", 587});
    EXPECT_TRUE(exchange) << mechanism;
    return std::move(exchange).value();
  }

  // The round in which it gives up on a server that keeps sending `challenge`.
  int gives_up_in_round(std::string_view mechanism, const std::string& challenge) {
    auto exchange = begin(mechanism, login_of("user", "password"));
    exchange->initial();
    int round = 1;
    while (round < 10 && exchange->respond(challenge)) ++round;
    return round;
  }

  Sasl sasl_;
};

TEST_F(SaslTest, KnowsTheMechanismsThatServersOffer) {
  for (const auto* mechanism : {"PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256",
                                "NTLM", "EXTERNAL", "XOAUTH2", "OAUTHBEARER"}) {
    begin(mechanism, login_of("a", "b"));
  }
  const auto unknown = sasl_.begin("X-NEVER-HEARD-OF", login_of("a", "b"), {});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().message, "this build does not speak X-NEVER-HEARD-OF");
}

TEST_F(SaslTest, SaysBeforehandWhatAMechanismCannotCarry) {
  const std::string robot = "robot\xF0\x9F\xA4\x96";  // not in Unicode 3.2
  const std::string latin1 = "caf\xE9";               // no UTF-8
  for (const auto& odd : {robot, latin1}) {
    for (const auto* mechanism : {"SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5"}) {
      for (const auto& login : {login_of("tim", odd), login_of(odd, "pencil")}) {
        const auto exchange = sasl_.begin(mechanism, login, {});
        ASSERT_FALSE(exchange) << mechanism;
        EXPECT_THAT(exchange.error().message, HasSubstr(mechanism));
        EXPECT_THAT(exchange.error().message, testing::Not(HasSubstr(odd)));
      }
    }
    for (const auto* mechanism : {"PLAIN", "LOGIN"}) begin(mechanism, login_of("tim", odd));
  }
}

TEST_F(SaslTest, SaysPlainInOneMessage) {
  auto exchange = begin("PLAIN", login_of("tim", "tanstaaftanstaaf"));
  // RFC 4616 section 4.
  EXPECT_EQ(exchange->initial(), base64_encode(std::string_view("\0tim\0tanstaaftanstaaf", 21)));
  EXPECT_FALSE(exchange->respond("").has_value());
}

TEST_F(SaslTest, SaysLoginInTwoMessagesWhenAsked) {
  auto exchange = begin("LOGIN", login_of("tim", "s3cret"));
  EXPECT_FALSE(exchange->initial().has_value()) << "the server begins";
  EXPECT_EQ(exchange->respond(base64_encode("Username:")), base64_encode("tim"));
  EXPECT_EQ(exchange->respond(base64_encode("Password:")), base64_encode("s3cret"));
}

TEST_F(SaslTest, AnswersTheChallengeOfRfc2195) {
  auto exchange = begin("CRAM-MD5", login_of("tim", "tanstaaftanstaaf"));
  EXPECT_FALSE(exchange->initial().has_value());
  const auto answer = exchange->respond("PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+");
  EXPECT_EQ(answer, "dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw");
}

TEST_F(SaslTest, RefusesAScramNonceThatIsNotItsOwn) {
  for (const auto* mechanism : {"SCRAM-SHA-1", "SCRAM-SHA-256"}) {
    auto exchange = begin(mechanism, login_of("user", "pencil"));
    EXPECT_THAT(decoded(exchange->initial().value()), StartsWith("n,,n=user,r="));
    EXPECT_FALSE(
        exchange->respond(base64_encode("r=somebody-elses-nonce,s=QSXCR+Q6sek8bf92,i=4096"))
            .has_value())
        << mechanism;
  }
}

TEST_F(SaslTest, ProvesThePasswordToAScramServerWithoutSayingIt) {
  auto exchange = begin("SCRAM-SHA-256", login_of("user", "pencil"));
  const std::string first = decoded(exchange->initial().value());
  const std::string nonce = first.substr(first.find("r=") + 2);
  const auto proof =
      exchange->respond(base64_encode("r=" + nonce + "more,s=QSXCR+Q6sek8bf92,i=4096"));
  ASSERT_TRUE(proof.has_value());
  EXPECT_THAT(decoded(*proof), HasSubstr("r=" + nonce + "more,p="));
  EXPECT_THAT(decoded(*proof), testing::Not(HasSubstr("pencil")));
  EXPECT_FALSE(exchange->respond(base64_encode("v=bm90IHRoZSBzaWduYXR1cmUgb2YgdGhlIHNlcnZlcg=="))
                   .has_value())
      << "a server that cannot prove that it knows the password";
}

TEST_F(SaslTest, BearsATokenAsXoauth2) {
  auto exchange = begin("XOAUTH2", login_of("someuser@example.com", "ya29.token"));
  EXPECT_EQ(decoded(exchange->initial().value()),
            "user=someuser@example.com\1auth=Bearer ya29.token\1\1");
  EXPECT_EQ(exchange->respond(base64_encode("{\"status\":\"401\"}")), "");
  EXPECT_FALSE(exchange->respond("").has_value());
}

TEST_F(SaslTest, BearsATokenAsOauthbearer) {
  auto exchange = begin("OAUTHBEARER", login_of("a=b,c@example.com", "vF9dft4qmT"));
  EXPECT_EQ(decoded(exchange->initial().value()),
            "n,a=a=3Db=2Cc@example.com,\1host=smtp.example.com\1port=587\1"
            "auth=Bearer vF9dft4qmT\1\1");
  EXPECT_EQ(exchange->respond(base64_encode("{\"status\":\"401\"}")), "AQ==");
}

TEST_F(SaslTest, NamesTheUserByExternalAndNeedsNoSecret) {
  auto exchange = begin("EXTERNAL", login_of("probe", ""));
  EXPECT_EQ(exchange->initial(), base64_encode("probe"));
}

TEST_F(SaslTest, GivesUpOnAChallengeThatIsNoBase64) {
  for (const auto* mechanism : {"LOGIN", "CRAM-MD5", "SCRAM-SHA-256"}) {
    EXPECT_EQ(gives_up_in_round(mechanism, "!!! no base64 !!!"), 1) << mechanism;
  }
}

TEST_F(SaslTest, GivesUpOnAServerThatNeverStopsAsking) {
  const auto challenge = base64_encode("<1.2@example.com>");
  EXPECT_EQ(gives_up_in_round("PLAIN", challenge), 1);
  EXPECT_EQ(gives_up_in_round("LOGIN", challenge), 3);
  EXPECT_EQ(gives_up_in_round("CRAM-MD5", challenge), 2);
  EXPECT_EQ(gives_up_in_round("XOAUTH2", challenge), 2);
  EXPECT_EQ(gives_up_in_round("OAUTHBEARER", challenge), 2);
}

}  // namespace
}  // namespace sre
