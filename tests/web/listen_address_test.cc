#include "agent/web/listen_address.h"

#include <gmock/gmock.h>

namespace sre {
namespace {

using testing::HasSubstr;

TEST(ListenAddress, ReadsWhatExportersTake) {
  const auto any = parse_listen_address(":10235");
  ASSERT_TRUE(any);
  EXPECT_EQ(any->host, "");
  EXPECT_EQ(any->port, 10235);
  EXPECT_EQ(parse_listen_address("localhost:0")->host, "localhost");
  EXPECT_EQ(parse_listen_address("[::1]:80")->host, "::1");
  EXPECT_EQ(parse_listen_address("127.0.0.1:65535")->port, 65535);
}

TEST(ListenAddress, NamesWhatItCannotRead) {
  for (const char* text : {"", "10235", "host", "host:", ":x", ":65536", ":-1", ":80x", "::1:80",
                           "[]:80", "[::1:80", "::1]:80"}) {
    const auto address = parse_listen_address(text);
    ASSERT_FALSE(address) << text;
    EXPECT_THAT(address.error().message, HasSubstr("\"" + std::string(text) + "\"")) << text;
    EXPECT_THAT(address.error().message, HasSubstr("write host:port"));
  }
}

}  // namespace
}  // namespace sre
