#include "agent/smtp/ehlo.h"

#include <gmock/gmock.h>

namespace sre {
namespace {

using testing::ElementsAre;

Reply answer(std::string_view text) { return Reply::from_text(text); }

TEST(Ehlo, ReadsKeywordsWhateverTheirCase) {
  const auto ehlo = parse_ehlo(answer("250-mx.test at your service\n250-starttls\n250 8BitMime"));
  EXPECT_EQ(ehlo.greeting, "mx.test at your service");
  EXPECT_TRUE(ehlo.offers("STARTTLS"));
  EXPECT_TRUE(ehlo.offers("8BITMIME"));
  EXPECT_FALSE(ehlo.offers("AUTH"));
}

TEST(Ehlo, ReadsMechanismsFromBothFormsOfAuthOnce) {
  const auto ehlo =
      parse_ehlo(answer("250-mx\n250-AUTH=LOGIN PLAIN\n250 auth PLAIN login XOAUTH2"));
  EXPECT_THAT(ehlo.auth_mechanisms, ElementsAre("LOGIN", "PLAIN", "XOAUTH2"));
  EXPECT_TRUE(ehlo.offers("AUTH"));
  EXPECT_TRUE(ehlo.offers_mechanism("xoauth2"));
}

TEST(Ehlo, TellsNoSizeFromNoLimit) {
  EXPECT_EQ(parse_ehlo(answer("250-mx\n250 SIZE 1024")).size_limit, 1024U);
  EXPECT_EQ(parse_ehlo(answer("250-mx\n250 SIZE")).size_limit, 0U);
  EXPECT_EQ(parse_ehlo(answer("250-mx\n250 SIZE much")).size_limit, std::nullopt);
  EXPECT_EQ(parse_ehlo(answer("250 mx")).size_limit, std::nullopt);
}

TEST(Ehlo, StopsCountingKeywordsAtItsLimit) {
  std::string text = "250-mx\n";
  for (int i = 0; i < 400; ++i) text += "250-X" + std::to_string(i) + "\n";
  EXPECT_EQ(parse_ehlo(answer(text + "250 LAST")).extensions.size(), 256U);
}

}  // namespace
}  // namespace sre
