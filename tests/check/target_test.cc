#include "agent/check/target.h"

#include <gmock/gmock.h>

namespace sre {
namespace {

TEST(TargetWords, AreReadBackFromTheirNames) {
  for (const auto mode :
       {TlsMode::none, TlsMode::opportunistic, TlsMode::starttls, TlsMode::implicit}) {
    EXPECT_EQ(parse_tls_mode(to_string(mode)), mode) << to_string(mode);
  }
  EXPECT_FALSE(parse_tls_mode("STARTTLS"));
  EXPECT_FALSE(parse_tls_mode("ssl"));
  for (const auto family : {IpFamily::any, IpFamily::v4, IpFamily::v6}) {
    EXPECT_EQ(parse_ip_family(to_string(family)), family) << to_string(family);
  }
  EXPECT_EQ(to_string(IpFamily::v6), "6");
  EXPECT_FALSE(parse_ip_family("v4"));
  for (const auto choice : {AddressChoice::first, AddressChoice::each}) {
    EXPECT_EQ(parse_address_choice(to_string(choice)), choice) << to_string(choice);
  }
  EXPECT_FALSE(parse_address_choice("all"));
}

TEST(Credentials, AllowOnlyTheHostsTheyName) {
  const Credentials credentials{.name = "corp",
                                .username = "probe",
                                .secret = Secret("s"),
                                .hosts = {"*.example.com", "192.0.2.1"}};
  EXPECT_TRUE(credentials.allows_host("smtp.example.com"));
  EXPECT_TRUE(credentials.allows_host("SMTP.Example.COM"));
  EXPECT_TRUE(credentials.allows_host("192.0.2.1"));
  EXPECT_FALSE(credentials.allows_host("example.com")) << "the dot is part of the pattern";
  EXPECT_FALSE(credentials.allows_host("smtp.example.com.evil.test"));
  EXPECT_FALSE(credentials.allows_host("192.0.2.10"));
  EXPECT_FALSE(credentials.allows_host(""));
}

TEST(Credentials, AllowNoHostWhereNoneIsNamed) {
  const Credentials credentials{
      .name = "corp", .username = "probe", .secret = Secret("s"), .hosts = {}};
  EXPECT_FALSE(credentials.allows_host("smtp.example.com"));
  EXPECT_FALSE(credentials.allows_host(""));
}

Target login_target(const std::string& password) {
  Target target;
  target.name = "corp";
  target.host = "smtp.example.com";
  target.credentials = std::make_shared<const Credentials>(Credentials{
      .name = "corp", .username = "probe", .secret = Secret(password), .hosts = {"*.example.com"}});
  return target;
}

TEST(SameTarget, LooksThroughThePointerToTheCredentials) {
  EXPECT_TRUE(same_target(login_target("one"), login_target("one")));
  EXPECT_FALSE(same_target(login_target("one"), login_target("two"))) << "another password";
  auto anonymous = login_target("one");
  anonymous.credentials = nullptr;
  EXPECT_FALSE(same_target(login_target("one"), anonymous));
  EXPECT_FALSE(same_target(anonymous, login_target("one")));
  EXPECT_TRUE(same_target(anonymous, anonymous));
}

TEST(SameTarget, SeesEveryOtherSetting) {
  const auto differs = [](auto change) {
    auto other = login_target("one");
    change(other);
    return !same_target(login_target("one"), other);
  };
  EXPECT_TRUE(differs([](Target& t) { t.port = 26; }));
  EXPECT_TRUE(differs([](Target& t) { t.tls = TlsMode::implicit; }));
  EXPECT_TRUE(differs([](Target& t) { t.verify = false; }));
  EXPECT_TRUE(differs([](Target& t) { t.labels.emplace_back("team", "mail"); }));
}

}  // namespace
}  // namespace sre
