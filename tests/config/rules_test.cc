#include "agent/config/rules.h"

#include <gmock/gmock.h>

#include <string>

namespace sre {
namespace {

using testing::HasSubstr;

TEST(CheckName, TakesWhatIsSafeInAUrl) {
  EXPECT_TRUE(check_name("corp.mail_1-A"));
  EXPECT_TRUE(check_name(std::string(64, 'a')));
  EXPECT_FALSE(check_name(std::string(65, 'a')));
  for (const auto* bad : {"", ".", "..", "a/b", "a b", "a%20", "gr\u00fcn", "a\n"}) {
    EXPECT_FALSE(check_name(bad)) << bad;
  }
}

TEST(CheckHost, TakesNamesAndAddresses) {
  for (const auto* good : {"localhost", "smtp.example.com", "mail_relay", "192.0.2.1", "::1",
                           "2001:db8::1", "xn--bcher-kva.example", "1and1.example"}) {
    EXPECT_TRUE(check_host(good)) << good;
  }
  for (const auto* bad : {"", "a..b", ".a", "a.", "-a", "a-", "a b", "192.0.2.300", "[::1]", "a:25",
                          "b\u00fccher.example", "a\r\nb", "1.2"}) {
    EXPECT_FALSE(check_host(bad)) << bad;
  }
  EXPECT_FALSE(check_host(std::string_view("192.0.2.1\0x", 11)));
  EXPECT_FALSE(check_host(std::string(64, 'a') + ".example"));
}

TEST(CheckHelo, TakesADomainOrAnAddressLiteral) {
  for (const auto* good : {"monitor.example.com", "[192.0.2.1]", "[IPv6:2001:db8::1]"}) {
    EXPECT_TRUE(check_helo(good)) << good;
  }
  for (const auto* bad : {"", "[]", "192.0.2.1", "[2001:db8::1]", "a\r\nMAIL", "a b"}) {
    EXPECT_FALSE(check_helo(bad)) << bad;
  }
}

TEST(CheckSender, TakesAMailboxOrNothing) {
  for (const auto* good : {"", "a@b", "a+b@example.com", "\"a@b\"@example.com", "a@[192.0.2.1]"}) {
    EXPECT_TRUE(check_sender(good)) << good;
  }
  for (const auto* bad :
       {"a", "@b", "a@", "<a@b>", "a @b", "a@b\r\nRSET", "a@b>", "\u00fc@b", "a@b SIZE=1"}) {
    EXPECT_FALSE(check_sender(bad)) << bad;
  }
}

TEST(CheckRecipient, TakesPostmasterAloneToo) {
  EXPECT_TRUE(check_recipient("postmaster"));
  EXPECT_TRUE(check_recipient("a@example.com"));
  EXPECT_FALSE(check_recipient(""));
  EXPECT_FALSE(check_recipient("root"));
}

TEST(CheckLabel, TakesPrometheusNamesThatAreFree) {
  EXPECT_TRUE(check_label("team"));
  EXPECT_TRUE(check_label("_site2"));
  for (const auto* bad : {"", "2nd", "a-b", "__reserved", "gr\u00fcn"}) {
    EXPECT_THAT(check_label(bad).error().message, HasSubstr("is no label name")) << bad;
  }
  EXPECT_THAT(check_label("port").error().message, HasSubstr("smtp_target_info already"));
}

TEST(CheckHostPattern, WantsMoreThanAStar) {
  for (const auto* good : {"*.example.com", "smtp*.example.com", "127.0.0.1", "2001:db8::*"}) {
    EXPECT_TRUE(check_host_pattern(good)) << good;
  }
  for (const auto* bad : {"", "*", "**", "*.*", "*::*", "smtp.example.com:25", "a b", "a/b"}) {
    EXPECT_FALSE(check_host_pattern(bad)) << bad;
  }
}

TEST(CheckTargetPattern, WantsHostAndPort) {
  for (const auto* good : {"smtp.example.com:25", "*.example.com:*", "[2001:db8::1]:25"}) {
    EXPECT_TRUE(check_target_pattern(good)) << good;
  }
  for (const auto* bad : {"", ":25", "smtp.example.com", "a:0", "a:65536", "a:smtp", "a b:25"}) {
    EXPECT_FALSE(check_target_pattern(bad)) << bad;
  }
}

TEST(DnsServer, IsAnsweredWithItsPort) {
  EXPECT_EQ(dns_server("192.0.2.53"), "192.0.2.53:53");
  EXPECT_EQ(dns_server("192.0.2.53:5353"), "192.0.2.53:5353");
  EXPECT_EQ(dns_server("2001:db8::53"), "[2001:db8::53]:53");
  EXPECT_EQ(dns_server("[2001:db8::53]:5353"), "[2001:db8::53]:5353");
  for (const auto* bad :
       {"", "dns.example.com", "192.0.2.53:", "192.0.2.53:0", "[192.0.2.53]:53"}) {
    EXPECT_FALSE(dns_server(bad)) << bad;
  }
}

}  // namespace
}  // namespace sre
