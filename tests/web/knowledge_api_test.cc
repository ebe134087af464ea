#include "agent/web/knowledge_api.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "agent/report/knowledge_json.h"
#include "tests/web/sample.h"

namespace sre {
namespace {

using test::header_of;
using test::sample_site;
using testing::AllOf;
using testing::HasSubstr;

Response get(std::string_view target) { return sample_site()(Request::to("GET", target)); }

Json json_of(std::string_view target) {
  const auto response = get(target);
  EXPECT_EQ(response.status, 200) << target;
  EXPECT_EQ(response.content_type, kJson) << target;
  return Json::parse(response.body);
}

std::string error_of(std::string_view target, int status) {
  const auto response = get(target);
  EXPECT_EQ(response.status, status) << target;
  EXPECT_EQ(response.content_type, kJson) << target;
  return Json::parse(response.body).at("error").get<std::string>();
}

TEST(KnowledgeApi, ListsAllCodesAndReasons) {
  EXPECT_EQ(json_of("/api/v1/codes"), codes_json(*Knowledge::built_in(), "en"));
  EXPECT_EQ(json_of("/api/v1/reasons"), reasons_json(*Knowledge::built_in(), "en"));
  EXPECT_EQ(header_of(get("/api/v1/codes"), "Cache-Control"), "max-age=300");
}

TEST(KnowledgeApi, TellsOneCodeOrReason) {
  EXPECT_EQ(json_of("/api/v1/codes/535")["key"], "535");
  EXPECT_EQ(json_of("/api/v1/codes/5.7.8")["key"], "5.7.8");
  EXPECT_EQ(json_of("/api/v1/codes/X.7.8")["key"], "X.7.8");
  EXPECT_EQ(json_of("/api/v1/reasons/auth_required")["key"], "auth_required");
}

TEST(KnowledgeApi, NamesTheNearestOfWhatItDoesNotKnow) {
  EXPECT_THAT(error_of("/api/v1/codes/536", 404), HasSubstr("535"));
  EXPECT_THAT(error_of("/api/v1/codes/auth_required", 404), HasSubstr("try 535"));
  EXPECT_THAT(error_of("/api/v1/reasons/auth_requird", 404), HasSubstr("auth_required?"));
  EXPECT_THAT(error_of("/api/v1/codes/%FF%1B", 404), HasSubstr(R"(\xFF\x1B)"));
}

TEST(KnowledgeApi, ComparesTwoCodes) {
  const auto json = json_of("/api/v1/compare?a=235&b=530");
  EXPECT_EQ(json["pair"], "235-vs-530");
  EXPECT_EQ(json["expected"]["key"], "235");
  EXPECT_EQ(json["alert"]["title"], "Expected 235, got 530");
}

TEST(KnowledgeApi, NamesWhatAComparisonLacks) {
  EXPECT_THAT(error_of("/api/v1/compare?a=235", 400), HasSubstr("lacks b (the code that came)"));
  EXPECT_THAT(error_of("/api/v1/compare?b=235", 400), HasSubstr("lacks a (the code that was"));
  EXPECT_THAT(error_of("/api/v1/compare", 400), AllOf(HasSubstr("a ("), HasSubstr(" and b (")));
  EXPECT_THAT(error_of("/api/v1/compare?a=%zz&b=530", 400), HasSubstr("lacks a"));
  EXPECT_THAT(error_of("/api/v1/compare?a=235&b=536", 404), HasSubstr("535"));
  EXPECT_THAT(error_of("/api/v1/compare?a=235&b=235", 404), HasSubstr("itself"));
}

TEST(KnowledgeApi, ExplainsAReplyInItsPhase) {
  const auto json = json_of("/api/v1/explain?q=454+4.7.0+later&phase=auth");
  EXPECT_EQ(json["key"], "454 4.7.0");
  EXPECT_EQ(json["reason"], "auth_temporary_failure");
  EXPECT_EQ(json_of("/api/v1/explain?q=454+4.7.0+later&phase=starttls")["reason"],
            "starttls_unavailable");
  EXPECT_EQ(header_of(get("/api/v1/explain?q=535"), "Cache-Control"), "no-store");
}

TEST(KnowledgeApi, NamesWhatAnExplanationLacks) {
  EXPECT_THAT(error_of("/api/v1/explain", 400), HasSubstr("lacks q"));
  EXPECT_THAT(error_of("/api/v1/explain?q=535&phase=login", 400),
              AllOf(HasSubstr("\"login\""), HasSubstr("auth, mail, rcpt")));
  EXPECT_THAT(error_of("/api/v1/explain?q=535&phase=tls", 400), HasSubstr("banner, ehlo"));
  EXPECT_THAT(error_of("/api/v1/explain?q=auth_requird", 404), HasSubstr("auth_required?"));
}

TEST(KnowledgeApi, SpeaksTheLanguageOfItsReader) {
  const auto site = test::site_in_three_languages();
  const auto asked = site(Request::to("GET", "/api/v1/codes/535?lang=xa"));
  EXPECT_EQ(header_of(asked, "Content-Language"), "xa");
  EXPECT_THAT(header_of(asked, "Vary"), HasSubstr("Accept-Language"));
  EXPECT_EQ(Json::parse(asked.body)["name"], "Login refusé");
  auto request = Request::to("GET", "/api/v1/compare?a=235&b=535");
  request.headers = {{"Accept-Language", "xa"}};
  EXPECT_EQ(Json::parse(site(request).body)["alert"]["title"], "235 attendu, 535 reçu");
}

TEST(KnowledgeApi, AnswersAnyBytesInValidJson) {
  for (const char* query : {"%FF%FE", "535%20%FF%1B%5B2J", "%22%5C%3C", "%0D%0A535%20x"}) {
    const auto response = get(std::string("/api/v1/explain?q=") + query);
    EXPECT_TRUE(Json::accept(response.body)) << query;
  }
}

}  // namespace
}  // namespace sre
