#include "agent/web/url.h"

#include <gtest/gtest.h>

namespace sre {
namespace {

TEST(Url, DecodesEscapes) {
  EXPECT_EQ(percent_decode("a%20b%2Fc"), "a b/c");
  EXPECT_EQ(percent_decode("caf%c3%A9"), "caf\u00e9");
}

TEST(Url, RefusesBrokenEscapesAndNul) {
  for (const char* text : {"%", "a%2", "%zz", "%2G", "%00"}) {
    EXPECT_EQ(percent_decode(text), std::nullopt) << text;
  }
}

TEST(Url, EncodesWhateverCouldMeanSomething) {
  EXPECT_EQ(percent_encode("a b/c?\"<%"), "a%20b%2Fc%3F%22%3C%25");
  EXPECT_EQ(percent_encode("Az09-._~"), "Az09-._~");
}

TEST(Url, DecodesWhatItEncodes) {
  std::string all;
  for (int byte = 1; byte < 256; ++byte) all += static_cast<char>(byte);
  EXPECT_EQ(percent_decode(percent_encode(all)), all);
}

TEST(Url, FindsAQueryValue) {
  EXPECT_EQ(query_value("a=1&q=two+words%21&q=later", "q"), "two words!");
  EXPECT_EQ(query_value("a=1&q", "q"), "");
  EXPECT_EQ(query_value("a=1&qq=2", "q"), std::nullopt);
  EXPECT_EQ(query_value("q=%", "q"), std::nullopt);
  EXPECT_EQ(query_value("", "q"), std::nullopt);
}

}  // namespace
}  // namespace sre
