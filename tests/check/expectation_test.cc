#include "agent/check/expectation.h"

#include <gmock/gmock.h>

#include <string>

namespace sre {
namespace {

using testing::HasSubstr;

bool matches(std::string_view pattern, std::string_view reply) {
  return ReplyPattern::parse(pattern).value().matches(Reply::from_text(reply));
}

TEST(ReplyPattern, MatchesACode) {
  EXPECT_TRUE(matches("250", "250 ok"));
  EXPECT_FALSE(matches("250", "251 ok"));
  EXPECT_FALSE(matches("250", "no code at all"));
}

TEST(ReplyPattern, MatchesAClassInEitherCase) {
  EXPECT_TRUE(matches("5xx", "500 a"));
  EXPECT_TRUE(matches("5XX", "599 a"));
  EXPECT_FALSE(matches("5xx", "499 a"));
  EXPECT_FALSE(matches("4xx", "500 a"));
}

TEST(ReplyPattern, MatchesAnyOfItsAlternatives) {
  EXPECT_TRUE(matches("250 | 251", "251 forwarded"));
  EXPECT_TRUE(matches("530|4xx", "421 later"));
  EXPECT_FALSE(matches("530|4xx", "535 no"));
}

TEST(ReplyPattern, TakesAStarForAnyNumberOfAnEnhancedCode) {
  EXPECT_TRUE(matches("535 5.7.8", "535 5.7.8 no"));
  EXPECT_FALSE(matches("535 5.7.8", "535 5.7.9 no"));
  EXPECT_TRUE(matches("535 5.7.*", "535 5.7.139 no"));
  EXPECT_FALSE(matches("535 5.7.*", "535 5.5.1 no"));
  EXPECT_FALSE(matches("535 5.7.*", "535 no")) << "an enhanced code was asked for";
  EXPECT_TRUE(matches("535 5.7.8|550", "550 no")) << "each alternative has its own";
}

TEST(ReplyPattern, KnowsItsFirstCode) {
  EXPECT_EQ(ReplyPattern::parse("530|5xx").value().first_code(), 530);
  EXPECT_EQ(ReplyPattern::parse("5xx|530").value().first_code(), 500);
}

TEST(ReplyPattern, KeepsItsTextAsConfigured) {
  EXPECT_EQ(ReplyPattern::parse(" 530|5xx ").value().text(), "530|5xx");
}

TEST(ReplyPattern, EqualsAnotherOfTheSameText) {
  EXPECT_EQ(ReplyPattern::parse("530|5xx").value(), ReplyPattern::parse("530|5xx").value());
  EXPECT_NE(ReplyPattern::parse("530|5xx").value(), ReplyPattern::parse("530").value());
}

class BadPattern : public testing::TestWithParam<std::string> {};

TEST_P(BadPattern, IsAnErrorThatShowsARightOne) {
  const auto parsed = ReplyPattern::parse(GetParam());
  ASSERT_FALSE(parsed);
  EXPECT_THAT(parsed.error().message, HasSubstr("is no reply pattern"));
  EXPECT_THAT(parsed.error().message, HasSubstr("\"530|5xx\""));
}

INSTANTIATE_TEST_SUITE_P(Texts, BadPattern,
                         testing::Values("", " ", "|", "250|", "|250", "25", "2500", "199", "600",
                                         "1xx", "6xx", "5xy", "+25", "-25", "0x1", "ok", "250,251",
                                         "535 5.7", "535 5.7.8.1", "535 5..8", "535 a.b.c",
                                         "535 5.7.1000", "5xx5"));

std::string described(const Expectations& expected) {
  std::string text;
  for (const auto& [phase, pattern] : expected) {
    text += std::string(to_string(phase)) + "=" + pattern.text() + " ";
  }
  return text;
}

std::string defaults(Kind kind, TlsMode tls, bool with_credentials = false) {
  Target target;
  target.tls = tls;
  if (with_credentials) target.credentials = std::make_shared<const Credentials>();
  return described(default_expectations(kind, target, traits(kind).until));
}

TEST(DefaultExpectations, OfAGreetingAreBannerAndEhlo) {
  EXPECT_EQ(defaults(Kind::greeting, TlsMode::none), "banner=220 ehlo=250 ");
  EXPECT_EQ(defaults(Kind::greeting, TlsMode::starttls), "banner=220 ehlo=250 ");
}

TEST(DefaultExpectations, OfTlsHaveStarttlsWhereItIsSaid) {
  EXPECT_EQ(defaults(Kind::tls, TlsMode::starttls), "banner=220 ehlo=250 starttls=220 ");
  EXPECT_EQ(defaults(Kind::tls, TlsMode::implicit), "banner=220 ehlo=250 ");
}

TEST(DefaultExpectations, OfALoginWant235AndOfARefusedOneA5xx) {
  EXPECT_EQ(defaults(Kind::login, TlsMode::implicit, true), "banner=220 ehlo=250 auth=235 ");
  EXPECT_EQ(defaults(Kind::login_refused, TlsMode::implicit), "banner=220 ehlo=250 auth=535|5xx ");
}

TEST(DefaultExpectations, OfAWantedRefusalAreForMailAndRcpt) {
  EXPECT_EQ(defaults(Kind::login_required, TlsMode::none, true),
            "banner=220 ehlo=250 mail=530|5xx rcpt=530|5xx ");
}

TEST(DefaultExpectations, OfRelayingAreARefusalAtMailOrRcpt) {
  EXPECT_EQ(defaults(Kind::relay_refused, TlsMode::none),
            "banner=220 ehlo=250 mail=550|5xx rcpt=550|5xx ");
}

TEST(DefaultExpectations, OfADeliveryLogInWhereCredentialsAre) {
  EXPECT_EQ(defaults(Kind::delivery, TlsMode::none),
            "banner=220 ehlo=250 mail=250 rcpt=250|251 data=354 message=250 ");
  EXPECT_EQ(defaults(Kind::recipient, TlsMode::starttls, true),
            "banner=220 ehlo=250 starttls=220 auth=235 mail=250 rcpt=250|251 ");
}

TEST(DefaultExpectations, StopWhereTheDialogueStops) {
  EXPECT_EQ(described(default_expectations(Kind::delivery, Target{}, Phase::mail)),
            "banner=220 ehlo=250 starttls=220 mail=250 ");
}

}  // namespace
}  // namespace sre
