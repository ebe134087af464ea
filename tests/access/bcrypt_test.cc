#include "agent/access/bcrypt.h"

#include <gmock/gmock.h>

#include "tests/access/folder.h"

namespace sre {
namespace {

using testing::HasSubstr;
using testing::Not;

bool matches(std::string_view password, std::string_view hash) {
  return bcrypt_matches(Secret(std::string(password)), std::string(hash));
}

std::string complaint(std::string_view hash) {
  const auto good = check_bcrypt_hash(std::string(hash));
  return good ? "" : good.error().message;
}

TEST(Bcrypt, TellsTheRightPasswordFromOthers) {
  EXPECT_TRUE(matches(test::kPassword, test::kHash));
  EXPECT_TRUE(matches(test::kOtherPassword, test::kOtherHash));
  EXPECT_FALSE(matches(test::kOtherPassword, test::kHash));
  EXPECT_FALSE(matches("", test::kHash));
  EXPECT_FALSE(matches("Correct horse", test::kHash));
}

TEST(Bcrypt, TakesUtf8) {
  EXPECT_TRUE(matches("pässword", "$2y$05$.TnvpUfXdOV6N58bRzkQbeplTl9ltRIhD2bt17qb83rJzGKNW6Xue"));
}

TEST(Bcrypt, TakesTheTwoOtherNamesOfTheSameHash) {
  std::string hash(test::kHash);
  for (const char version : {'a', 'b'}) {
    hash[2] = version;
    EXPECT_EQ(complaint(hash), "");
    EXPECT_TRUE(matches(test::kPassword, hash)) << version;
  }
}

// crypt(3) ends a password at its first NUL; RFC 7617 does not.
TEST(Bcrypt, DoesNotCutAPasswordAtANulByte) {
  EXPECT_FALSE(matches(std::string(test::kPassword) + '\0' + "more", test::kHash));
}

TEST(Bcrypt, ComplainsOfWhatIsNoHash) {
  for (const std::string_view text :
       {"", "hunter2", "$2y$10$", "$1$salt$qJH7.N4xYta3aEG/dfqo/0",
        "$2x$04$O2nbIvFsPPTFLK3Gs3hhTOs1Je6aJ.gyQ5Ele4TjjVA/fEu8LqNAa",
        "$2y$04$O2nbIvFsPPTFLK3Gs3hhTOs1Je6aJ.gyQ5Ele4TjjVA/fEu8LqNAaa",
        "$2y$0x$O2nbIvFsPPTFLK3Gs3hhTOs1Je6aJ.gyQ5Ele4TjjVA/fEu8LqNAa",
        "$2y$04$O2nbIvFsPPTFLK3Gs3hhTOs1Je6aJ.gyQ5Ele4TjjVA/fEu8Lq!Aa"}) {
    EXPECT_THAT(complaint(text), HasSubstr("no bcrypt hash")) << text;
  }
  EXPECT_THAT(complaint("hunter2"), Not(HasSubstr("hunter2")));
}

TEST(Bcrypt, RefusesACostThatWouldKeepEverybodyWaiting) {
  std::string hash(test::kHash);
  hash[4] = '1';
  hash[5] = '3';
  EXPECT_EQ(complaint(hash), "");
  hash[5] = '4';
  EXPECT_THAT(complaint(hash), HasSubstr("a cost of 14, which must be 4 to 13"));
  hash[4] = '0';
  hash[5] = '3';
  EXPECT_THAT(complaint(hash), HasSubstr("a cost of 3"));
}

}  // namespace
}  // namespace sre
