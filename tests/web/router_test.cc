#include "agent/web/router.h"

#include <gmock/gmock.h>

namespace sre {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Response answer(const char* text) { return plain_text(200, text); }

Router sample() {
  Router router;
  router.get("/", "/", "home", [](const auto&, const auto&) { return answer("home"); });
  router.get("/checks/*/*", "/checks/T/C", "a check", [](const auto&, const Captures& captures) {
    return plain_text(200, captures.at(0) + "|" + captures.at(1));
  });
  router.post("/checks/*/*/run", "/checks/T/C/run", "run it",
              [](const auto&, const auto&) { return answer("run"); });
  return router;
}

Response ask(std::string_view method, std::string_view target) {
  return sample().handle(Request::to(method, target));
}

TEST(Router, FindsTheRouteAndDecodesItsSegments) {
  EXPECT_EQ(ask("GET", "/").body, "home");
  EXPECT_EQ(ask("GET", "/checks/corp%2Fa/two%20words?x=1").body, "corp/a|two words");
}

TEST(Router, AnswersHeadAsGet) { EXPECT_EQ(ask("HEAD", "/").status, 200); }

TEST(Router, NamesWhatExistsWhereNothingFits) {
  const auto response = ask("GET", "/nowhere");
  EXPECT_EQ(response.status, 404);
  EXPECT_THAT(response.body, HasSubstr("GET  /checks/T/C "));
  EXPECT_THAT(response.body, HasSubstr("POST /checks/T/C/run  run it"));
}

TEST(Router, NamesTheMethodsOfAKnownPath) {
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "get", ""}) {
    const auto response = ask(method, "/");
    EXPECT_EQ(response.status, 405) << method;
    ASSERT_EQ(response.headers.size(), 1U);
    EXPECT_EQ(response.headers[0].name, "Allow");
    EXPECT_EQ(response.headers[0].value, "GET, HEAD");
  }
  EXPECT_EQ(ask("GET", "/checks/a/b/run").headers[0].value, "POST");
}

TEST(Router, TakesNoEmptySegmentForAName) {
  EXPECT_EQ(ask("GET", "/checks//b").status, 404);
  EXPECT_EQ(ask("GET", "/checks/a/").status, 404);
}

TEST(Router, RefusesWhatIsNoPath) {
  for (const char* target : {"", "x", "*", "http://monitor.test/"}) {
    EXPECT_EQ(ask("GET", target).status, 400) << target;
  }
}

TEST(Router, RefusesABrokenEscape) { EXPECT_EQ(ask("GET", "/checks/%zz/b").status, 400); }

}  // namespace
}  // namespace sre
