#include "agent/smtp/enhanced_code.h"

#include <gmock/gmock.h>

namespace sre {
namespace {

TEST(EnhancedCode, ReadsThreeNumbersOfKnownClass) {
  EXPECT_EQ(parse_enhanced_code("5.7.139"), (EnhancedCode{5, 7, 139}));
  for (const auto* text :
       {"", "5", "5.7", "3.7.8", "50.7.8", "5.7.8 ", "5.7.8.1", "5.7.1234", "5..8"}) {
    EXPECT_EQ(parse_enhanced_code(text), std::nullopt) << text;
  }
}

TEST(EnhancedCode, IsFoundAtTheStartOfTheText) {
  EXPECT_EQ(find_enhanced_code("5.7.8 Error: authentication failed"), (EnhancedCode{5, 7, 8}));
  EXPECT_EQ(find_enhanced_code("5.7.8: Error"), (EnhancedCode{5, 7, 8}));
}

TEST(EnhancedCode, IsFoundBehindTheTextWhenMarked) {
  EXPECT_EQ(find_enhanced_code("authorization failed (#5.7.0)"), (EnhancedCode{5, 7, 0}));
  EXPECT_EQ(find_enhanced_code("ticket #12, see #5.1.1"), (EnhancedCode{5, 1, 1}));
}

TEST(EnhancedCode, IsNotMistakenForAddressesAndVersions) {
  EXPECT_EQ(find_enhanced_code("4.7.1.9 is listed"), std::nullopt);
  EXPECT_EQ(find_enhanced_code("mail from 5.7.8.9 refused, Exim 4.96.1"), std::nullopt);
}

}  // namespace
}  // namespace sre
