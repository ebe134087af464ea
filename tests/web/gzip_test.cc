#include "agent/web/gzip.h"

#include <gtest/gtest.h>
#include <zlib.h>

namespace sre {
namespace {

std::string gunzip(std::string_view packed, std::size_t size) {
  std::string out(size + 1, '\0');
  z_stream stream{};
  inflateInit2(&stream, 15 + 16);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

Response asked_with(std::string_view accept_encoding, std::size_t size) {
  Request request;
  request.headers = {{"Accept-Encoding", std::string(accept_encoding)}};
  Response response = plain_text(200, std::string(size, 'x'));
  compress(request, response);
  return response;
}

TEST(Gzip, KeepsTheText) {
  std::string text;
  for (int i = 0; i < 100000; ++i) text += std::to_string(i * 7919) + "\n";
  EXPECT_EQ(gunzip(gzip(text), text.size()), text);
  EXPECT_EQ(gunzip(gzip(""), 0), "");
}

TEST(Gzip, IsUsedOnlyWhenAskedFor) {
  EXPECT_TRUE(accepts_gzip("gzip"));
  EXPECT_TRUE(accepts_gzip("deflate, GZIP;q=0.5, br"));
  EXPECT_FALSE(accepts_gzip(""));
  EXPECT_FALSE(accepts_gzip("br, deflate"));
  EXPECT_FALSE(accepts_gzip("gzip;q=0"));
  EXPECT_FALSE(accepts_gzip("gzip; q=0.000, identity"));
  EXPECT_FALSE(accepts_gzip("notgzip"));
  EXPECT_FALSE(accepts_gzip("gzip;Q=0")) << "parameter names have no case";
  EXPECT_FALSE(accepts_gzip("gzip;q=0;x=1"));
  EXPECT_TRUE(accepts_gzip("gzip;x=0;q=0.001"));
  EXPECT_FALSE(accepts_gzip("gzip;q=much")) << "what is badly written is no wish";
}

TEST(Gzip, SaysThatTheBodyIsPackedAndDependsOnTheRequest) {
  const auto packed = asked_with("gzip", 5000);
  ASSERT_EQ(packed.headers.size(), 2U);
  EXPECT_EQ(packed.headers[0].name, "Vary");
  EXPECT_EQ(packed.headers[1].value, "gzip");
  EXPECT_EQ(gunzip(packed.body, 5000), std::string(5000, 'x'));
  EXPECT_EQ(asked_with("br", 5000).body.size(), 5000U);
}

TEST(Gzip, LeavesSmallBodiesAlone) { EXPECT_TRUE(asked_with("gzip", 100).headers.empty()); }

}  // namespace
}  // namespace sre
