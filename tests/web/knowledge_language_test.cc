// The knowledge base's pages in the language of their reader.

#include <gmock/gmock.h>

#include "agent/web/site.h"
#include "tests/web/sample.h"

namespace sre {
namespace {

using test::browser;
using test::header_of;
using test::site_in_three_languages;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

Response get(std::string_view target, std::string_view accept_language = {}) {
  auto request = browser("GET", target);
  if (!accept_language.empty()) {
    request.headers.push_back({"Accept-Language", std::string(accept_language)});
  }
  return site_in_three_languages()(request);
}

std::string language_of(const Response& response) {
  const auto language = header_of(response, "Content-Language");
  EXPECT_THAT(response.body, HasSubstr("<html lang=\"" + language + "\">"));
  EXPECT_THAT(header_of(response, "Vary"), HasSubstr("Accept-Language"));
  return language;
}

TEST(KnowledgeLanguage, IsTheOneThatTheAddressNames) {
  EXPECT_EQ(language_of(get("/codes/535?lang=xa")), "xa");
  EXPECT_EQ(language_of(get("/codes/535?lang=XA", "en")), "xa");
  EXPECT_EQ(language_of(get("/codes/535?lang=en", "xa")), "en");
}

TEST(KnowledgeLanguage, IsElseTheOneThatTheBrowserWants) {
  EXPECT_EQ(language_of(get("/codes/535", "xa-CA, en;q=0.5")), "xa");
  EXPECT_EQ(language_of(get("/codes/535?lang=nosuch", "xa")), "xa");
  EXPECT_EQ(language_of(get("/codes/535?lang=", "xa")), "xa");
  EXPECT_EQ(language_of(get("/codes/535?lang=%zz", "xa")), "xa");
}

TEST(KnowledgeLanguage, IsElseEnglish) {
  EXPECT_EQ(language_of(get("/codes/535")), "en");
  EXPECT_EQ(language_of(get("/codes/535", "zz")), "en");
  EXPECT_EQ(language_of(get("/codes/535?lang=%3Cb%3E", "\xFF\"<script>")), "en");
}

TEST(KnowledgeLanguage, IsSaidOnEveryPage) {
  for (const char* path :
       {"/codes?lang=xa", "/codes?q=535&lang=xa", "/codes/535?lang=xa", "/codes/X.7.8?lang=xa",
        "/codes/235-vs-535?lang=xa", "/reasons?lang=xa", "/reasons/auth_required?lang=xa",
        "/codes/536?lang=xa", "/reasons/nosuch?lang=xa"}) {
    EXPECT_EQ(language_of(get(path)), "xa") << path;
  }
}

TEST(KnowledgeLanguage, IsThatOfTextsHeadingsAndFrame) {
  const auto body = get("/codes/535?lang=xa").body;
  EXPECT_THAT(body, AllOf(HasSubstr("Login refusé"), HasSubstr("<h2>Ce que cela dit</h2>"),
                          HasSubstr(">Contrôles</a>"), HasSubstr("235 attendu, 535 reçu")));
  EXPECT_THAT(get("/codes/536?lang=xa").body, HasSubstr("<h1>Inconnu</h1>"));
}

TEST(KnowledgeLanguage, FallsBackToEnglishTextByText) {
  const auto& english = Knowledge::built_in()->code_texts(530, "en");
  EXPECT_THAT(get("/codes/530?lang=xa").body,
              AllOf(HasSubstr(test::escaped(english.meaning)), HasSubstr("Ce que cela dit")));
}

TEST(KnowledgeLanguage, IsChangedByALinkOnEachPage) {
  const auto body = get("/codes/535", "xa").body;
  EXPECT_THAT(body, HasSubstr(R"(<a href="/codes/535?lang=xa" hreflang="xa" lang="xa" )"
                              R"(aria-current="true">Langue &lt;A&gt;</a>)"));
  EXPECT_THAT(body,
              HasSubstr(R"(<a href="/codes/535?lang=xb" hreflang="xb" lang="xb">Language B)"));
  EXPECT_THAT(body, HasSubstr(R"(<link rel="canonical" href="/codes/535?lang=xa">)"));
  EXPECT_THAT(body, HasSubstr(R"(hreflang="x-default" href="/codes/535">)"));
  EXPECT_THAT(get("/codes/53%22?lang=xa").body, HasSubstr(R"(href="/codes/53%22?lang=xb")"));
}

TEST(KnowledgeLanguage, IsChangedWithoutLosingTheQuestion) {
  EXPECT_THAT(get("/codes?q=a%26b%22&lang=xa").body,
              HasSubstr(R"(<a href="/codes?lang=xb&amp;q=a%26b%22" hreflang="xb")"));
}

TEST(KnowledgeLanguage, IsKeptByLinksAndFormsOnlyWhereItWasAskedFor) {
  const auto asked = get("/codes/535?lang=xa").body;
  EXPECT_THAT(asked, HasSubstr(R"(<a href="/codes/235-vs-535?lang=xa">)"));
  EXPECT_THAT(asked, HasSubstr(R"(<a href="/reasons?lang=xa">)"));
  EXPECT_THAT(get("/codes?lang=xa").body,
              HasSubstr(R"(<input type="hidden" name="lang" value="xa">)"));
  const auto wanted = get("/codes/535", "xa").body;
  EXPECT_THAT(wanted, HasSubstr(R"(<a href="/codes/235-vs-535">)"));
  EXPECT_THAT(get("/codes", "xa").body, Not(HasSubstr(R"(name="lang")")));
}

TEST(KnowledgeLanguage, IsEnglishOnThePagesThatHaveNoOther) {
  const auto response = get("/?lang=xa", "xa");
  EXPECT_THAT(response.body, AllOf(HasSubstr("<html lang=\"en\">"), HasSubstr(">Checks</a>")));
  EXPECT_THAT(response.body, Not(HasSubstr("hreflang")));
  EXPECT_EQ(header_of(response, "Content-Language"), "");
}

}  // namespace
}  // namespace sre
