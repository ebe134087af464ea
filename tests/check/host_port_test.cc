#include "agent/check/host_port.h"

#include <gmock/gmock.h>

namespace sre {
namespace {

struct Form {
  const char* text;
  const char* host;
  int port;  // 0: none
};
class HostPortForm : public testing::TestWithParam<Form> {};

TEST_P(HostPortForm, IsRead) {
  const auto parsed = parse_host_port(GetParam().text);
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(parsed->host, GetParam().host);
  EXPECT_EQ(parsed->port.value_or(0), GetParam().port);
}
INSTANTIATE_TEST_SUITE_P(Each, HostPortForm,
                         testing::Values(Form{"mx.test", "mx.test", 0},
                                         Form{"mx.test:25", "mx.test", 25},
                                         Form{"192.0.2.1:65535", "192.0.2.1", 65535},
                                         Form{"2001:db8::1", "2001:db8::1", 0},
                                         Form{"[2001:db8::1]", "2001:db8::1", 0},
                                         Form{"[2001:db8::1]:587", "2001:db8::1", 587}));

struct Mistake {
  const char* text;
  const char* message;
};
class HostPortMistake : public testing::TestWithParam<Mistake> {};

TEST_P(HostPortMistake, IsToldWhatItIs) {
  const auto parsed = parse_host_port(GetParam().text);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().message, GetParam().message);
}
INSTANTIATE_TEST_SUITE_P(Each, HostPortMistake,
                         testing::Values(Mistake{"", "HOST[:PORT] is missing a host"},
                                         Mistake{":25", "HOST[:PORT] is missing a host"},
                                         Mistake{"[]:25", "HOST[:PORT] is missing a host"},
                                         Mistake{"a:", "\"a:\" is not HOST[:PORT]"},
                                         Mistake{"a:0", "\"a:0\" is not HOST[:PORT]"},
                                         Mistake{"a:65536", "\"a:65536\" is not HOST[:PORT]"},
                                         Mistake{"a:25x", "\"a:25x\" is not HOST[:PORT]"},
                                         Mistake{"[::1", "a ] is missing in \"[::1\""},
                                         Mistake{"[::1]25", "\"[::1]25\" is not HOST[:PORT]"},
                                         Mistake{"a:\x1b", "\"a:\\x1B\" is not HOST[:PORT]"}));

TEST(HostPortText, IsReadBack) {
  for (const auto* text : {"mx.test:25", "192.0.2.1:65535", "[2001:db8::1]:587"}) {
    const auto parsed = *parse_host_port(text);
    EXPECT_EQ(host_port_text(parsed.host, *parsed.port), text);
  }
}

TEST(MatchesHost, LetsAStarStandForAnyPart) {
  EXPECT_TRUE(matches_host("*.example.com", "a.b.Example.com"));
  EXPECT_TRUE(matches_host("mx1.*", "mx1.example.com"));
  EXPECT_FALSE(matches_host("*.example.com", "example.com"));
  EXPECT_TRUE(matches_host("*", "mx.test"));
  EXPECT_TRUE(matches_host("2001:db8::*", "2001:db8::1"));
}

TEST(MatchesHost, MeansAddressesByAPatternOfNumbers) {
  for (const auto* name : {"192.0.2.example.org", "192.0.2.x", "192.0.2.1.evil.test"}) {
    EXPECT_FALSE(matches_host("192.0.2.*", name)) << name << " may belong to anybody";
    EXPECT_FALSE(matches_host("1*", name)) << name;
  }
  EXPECT_TRUE(matches_host("192.0.2.*", "192.0.2.10"));
  EXPECT_TRUE(matches_host("192.0.2.*", "192.0.2.1*")) << "a narrower pattern";
  EXPECT_TRUE(matches_host("*2.1", "::ffff:192.0.2.1"));
}

}  // namespace
}  // namespace sre
