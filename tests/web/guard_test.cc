#include "agent/web/guard.h"

#include <gtest/gtest.h>

namespace sre {
namespace {

bool cross_site(std::string_view method, std::vector<Header> headers) {
  auto request = Request::to(method, "/-/reload");
  request.headers = std::move(headers);
  request.headers.push_back({"Host", "monitor.test:10235"});
  return is_cross_site(request);
}

TEST(CrossSite, LetsClientsThatAreNoBrowsersPost) { EXPECT_FALSE(cross_site("POST", {})); }

TEST(CrossSite, BelievesSecFetchSite) {
  EXPECT_FALSE(cross_site("POST", {{"Sec-Fetch-Site", "same-origin"}}));
  EXPECT_FALSE(cross_site("POST", {{"Sec-Fetch-Site", "none"}}));
  EXPECT_TRUE(cross_site("POST", {{"Sec-Fetch-Site", "cross-site"}}));
  EXPECT_TRUE(cross_site("POST", {{"Sec-Fetch-Site", "same-site"}}));
}

TEST(CrossSite, ComparesOriginWithHost) {
  EXPECT_FALSE(cross_site("POST", {{"Origin", "http://monitor.test:10235"}}));
  EXPECT_FALSE(cross_site("POST", {{"origin", "https://Monitor.Test:10235"}}));
  EXPECT_TRUE(cross_site("POST", {{"Origin", "http://monitor.test"}}));
  EXPECT_TRUE(cross_site("POST", {{"Origin", "http://evil.test"}}));
  EXPECT_TRUE(cross_site("POST", {{"Origin", "http://monitor.test:10235.evil.test"}}));
  EXPECT_TRUE(cross_site("POST", {{"Origin", "null"}}));
}

TEST(CrossSite, KnowsTheOriginOfAReverseProxy) {
  auto request = Request::to("POST", "/-/reload");
  request.headers = {{"Host", "127.0.0.1:10235"}, {"Origin", "https://Mon.example.com"}};
  EXPECT_TRUE(is_cross_site(request));
  EXPECT_FALSE(is_cross_site(request, "https://mon.example.com"));
  EXPECT_TRUE(is_cross_site(request, "http://mon.example.com"));
  EXPECT_TRUE(is_cross_site(request, "https://mon.example.co"));
  request.headers.push_back({"Sec-Fetch-Site", "cross-site"});
  EXPECT_TRUE(is_cross_site(request, "https://mon.example.com"));
}

TEST(CrossSite, LeavesReadingAlone) {
  EXPECT_FALSE(cross_site("GET", {{"Sec-Fetch-Site", "cross-site"}}));
  EXPECT_FALSE(cross_site("HEAD", {{"Origin", "http://evil.test"}}));
}

}  // namespace
}  // namespace sre
