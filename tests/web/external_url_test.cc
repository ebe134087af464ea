#include "agent/web/external_url.h"

#include <gmock/gmock.h>

namespace sre {
namespace {

using testing::HasSubstr;

std::string both(std::string_view text) {
  const auto url = parse_external_url(text);
  return url ? url->origin + " " + url->path : url.error().message;
}

TEST(ExternalUrl, IsAnOriginAndAPath) {
  EXPECT_EQ(both("https://mon.example.com/smtp"), "https://mon.example.com /smtp");
  EXPECT_EQ(both("https://mon.example.com/a/b/"), "https://mon.example.com /a/b");
  EXPECT_EQ(both("http://mon.example.com:8080"), "http://mon.example.com:8080 ");
  EXPECT_EQ(both("https://[2001:db8::1]:8443/"), "https://[2001:db8::1]:8443 ");
}

TEST(ExternalUrl, IsWrittenAsBrowsersWriteAnOrigin) {
  EXPECT_EQ(both("HTTPS://Mon.Example.COM:443/smtp"), "https://mon.example.com /smtp");
  EXPECT_EQ(both("http://mon.example.com:80/"), "http://mon.example.com ");
  EXPECT_EQ(both("https://mon.example.com:80/"), "https://mon.example.com:80 ");
}

TEST(ExternalUrl, SaysWhatIsWrong) {
  EXPECT_EQ(both("mon.example.com/smtp"),
            "\"mon.example.com/smtp\" is no URL; write one such as https://mon.example.com/smtp");
  EXPECT_THAT(both("/smtp"), HasSubstr("is no URL"));
  EXPECT_THAT(both(""), HasSubstr("is no URL"));
  EXPECT_THAT(both("https://mon example.com"), HasSubstr("is no URL"));
  EXPECT_THAT(both("ftp://mon.example.com"), HasSubstr("neither http:// nor https://"));
  EXPECT_THAT(both("https:///smtp"), HasSubstr("has no host"));
  EXPECT_THAT(both("https://mon.example.com:99999"), HasSubstr("has no port"));
  EXPECT_THAT(both("https://mon.example.com//smtp"), HasSubstr("has a path with //"));
  EXPECT_THAT(both("https://mon.example.com/a/../b"), HasSubstr("has a path with //"));
  EXPECT_THAT(both("https://mon.example.com/."), HasSubstr("has a path with //"));
  EXPECT_THAT(both("https://mon.example.com/?a=b"), HasSubstr("more than a path"));
  EXPECT_THAT(both("https://mon.example.com/#a"), HasSubstr("more than a path"));
}

TEST(ExternalUrl, DoesNotRepeatAPassword) {
  for (const char* text : {"https://bob:hunter2@mon.example.com", "https://bob:hunter2@",
                           "bob:hunter2@mon.example.com/ x"}) {
    EXPECT_FALSE(parse_external_url(text));
    EXPECT_EQ(both(text).find("hunter2"), std::string::npos) << both(text);
  }
}

}  // namespace
}  // namespace sre
