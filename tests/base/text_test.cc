#include "agent/base/text.h"

#include <gmock/gmock.h>

#include <array>

namespace sre {
namespace {

TEST(Printable, KeepsValidUtf8AndTabs) {
  EXPECT_EQ(printable("gr\xC3\xBC\xC3\x9F dich\t\xF0\x9F\x98\x80"),
            "gr\xC3\xBC\xC3\x9F dich\t\xF0\x9F\x98\x80");
}

TEST(Printable, ShowsControlCharactersAndBrokenUtf8AsHexadecimal) {
  EXPECT_EQ(printable(std::string_view("a\0b\r\n\x1b[31m\x7f", 10)), "a\\x00b\\x0D\\x0A\\x1B[31m");
  EXPECT_EQ(printable("\xC3("), "\\xC3(");
  EXPECT_EQ(printable("\xED\xA0\x80"), "\\xED\\xA0\\x80") << "a surrogate";
  EXPECT_EQ(printable("\xC2\x9B"
                      "31m"),
            "\\xC2\\x9B"
            "31m")
      << "the one-byte CSI of terminals";
  EXPECT_EQ(printable("\xF0\x9F\x98"), "\\xF0\\x9F\\x98") << "cut in the middle";
}

TEST(Printable, CutsBetweenCharactersNeverInside) {
  EXPECT_EQ(printable("ab\xC3\xBC", 3), "ab");
  EXPECT_EQ(printable("ab\x01", 5), "ab");
}

TEST(MatchesGlob, TakesStarsForAnyRunAndIgnoresCase) {
  EXPECT_TRUE(matches_glob("*.example.com", "SMTP.example.COM"));
  EXPECT_TRUE(matches_glob("smtp*.ex*.com", "smtp-7.example.com"));
  EXPECT_TRUE(matches_glob("*", ""));
  EXPECT_FALSE(matches_glob("*.example.com", "example.com"));
  EXPECT_FALSE(matches_glob("*.example.com", "smtp.example.com.evil.test"));
  EXPECT_FALSE(matches_glob("smtp.example.com", "xsmtp.example.com"));
}

TEST(Nearest, OffersTheClosestWordOnlyWhenItIsNear) {
  constexpr std::array<std::string_view, 3> kWords = {"timeout", "interval", "helo"};
  EXPECT_EQ(nearest("timeuot", kWords), "timeout");
  EXPECT_EQ(nearest("intervall", kWords), "interval");
  EXPECT_EQ(nearest("colour", kWords), "");
  EXPECT_EQ(nearest(std::string(10'000'000, 'e') + "timeout", kWords), "") << "and at once";
}

TEST(Base64, PadsAsRfc4648Does) {
  EXPECT_EQ(base64_encode(""), "");
  EXPECT_EQ(base64_encode("f"), "Zg==");
  EXPECT_EQ(base64_encode("fo"), "Zm8=");
  EXPECT_EQ(base64_encode("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64_encode(std::string_view("\0user\0pw", 8)), "AHVzZXIAcHc=");
}

}  // namespace
}  // namespace sre
