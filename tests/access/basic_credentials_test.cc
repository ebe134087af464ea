#include "agent/access/basic_credentials.h"

#include <gtest/gtest.h>

namespace sre {
namespace {

TEST(BasicCredentials, AreReadAsRfc7617HasThem) {
  const auto given = parse_basic_credentials("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  ASSERT_TRUE(given);
  EXPECT_EQ(given->user, "Aladdin");
  EXPECT_EQ(given->password.reveal(), "open sesame");
}

TEST(BasicCredentials, TakeTheSchemeInAnyCase) {
  EXPECT_TRUE(parse_basic_credentials("bAsIc  QTpi "));
}

TEST(BasicCredentials, EndTheNameAtTheFirstColon) {
  const auto given = parse_basic_credentials("Basic YTpiOmM=");  // a:b:c
  ASSERT_TRUE(given);
  EXPECT_EQ(given->user, "a");
  EXPECT_EQ(given->password.reveal(), "b:c");
}

TEST(BasicCredentials, KeepEveryByteOfThePassword) {
  const auto given = parse_basic_credentials("Basic YToAAP8=");  // a:\0\0\xff
  ASSERT_TRUE(given);
  EXPECT_EQ(given->password.reveal(), std::string_view("\0\0\xff", 3));
}

TEST(BasicCredentials, MayBeEmpty) {
  const auto given = parse_basic_credentials("Basic Og==");  // :
  ASSERT_TRUE(given);
  EXPECT_EQ(given->user, "");
  EXPECT_TRUE(given->password.empty());
}

TEST(BasicCredentials, AreNothingElse) {
  for (const char* header :
       {"", "Basic", "Basic ", "Bearer QTpi", "Basic QTpi=", "Basic QTp",
        "Basic Q!==", "Basic ====", "Basic YWJj", "Basic YTpi\nYTpi", "BasicQTpi"}) {
    EXPECT_FALSE(parse_basic_credentials(header)) << header;
  }
}

}  // namespace
}  // namespace sre
