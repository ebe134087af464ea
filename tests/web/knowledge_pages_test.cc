#include <gmock/gmock.h>

#include "agent/knowledge/compare.h"
#include "agent/web/site.h"
#include "tests/web/sample.h"

namespace sre {
namespace {

using test::browser;
using test::escaped;
using test::header_of;
using test::sample_site;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const Knowledge& base() { return *Knowledge::built_in(); }

Response get(std::string_view target) { return sample_site()(browser("GET", target)); }

std::string body_of(std::string_view target) {
  const auto response = get(target);
  EXPECT_EQ(response.status, 200) << target;
  EXPECT_EQ(response.content_type, kHtml) << target;
  return response.body;
}

// The parts stand on the page one after the other.
void expect_order(const std::string& body, const std::vector<std::string>& parts) {
  std::size_t at = 0;
  for (const auto& part : parts) {
    const auto found = body.find(part, at);
    EXPECT_NE(found, std::string::npos) << part;
    if (found != std::string::npos) at = found;
  }
}

TEST(CodesPage, ListsEveryCodeByClassAndSubject) {
  const auto body = body_of("/codes");
  for (const auto& entry : base().codes()) {
    EXPECT_THAT(body, HasSubstr("<a href=\"/codes/" + std::to_string(entry.code) + "\"><code>"));
  }
  for (const auto& entry : base().enhanced_codes()) {
    EXPECT_THAT(body, HasSubstr("<a href=\"/codes/" + entry.shown() + "\"><code>"));
  }
  expect_order(body, {"id=\"codes\"", "id=\"2xx\"", "id=\"3xx\"", "id=\"4xx\"", "id=\"5xx\"",
                      "id=\"enhanced\"", "id=\"x-0\"", "id=\"x-7\"", "Security and policy",
                      "id=\"compare\"", "<a href=\"/codes/235-vs-535\">Expected 235, got 535</a>"});
  EXPECT_EQ(header_of(get("/codes"), "Cache-Control"), "max-age=300");
}

TEST(CodesPage, ExplainsACodeOnTop) {
  const auto body = body_of("/codes?q=535");
  expect_order(body, {"value=\"535\"", "id=\"answer\"", "<code>535</code>",
                      escaped(base().code_texts(535, "en").meaning), "id=\"2xx\""});
  EXPECT_THAT(body_of("/codes"), Not(HasSubstr("id=\"answer\"")));
  EXPECT_THAT(body_of("/codes?q="), Not(HasSubstr("id=\"answer\"")));
}

TEST(CodesPage, ExplainsAClassAsTheMetricsNameIt) {
  expect_order(body_of("/codes?q=4xx"), {"id=\"answer\"", "<code>4xx</code>", "temporary refusal"});
  expect_order(body_of("/codes/4xx"), {"<code>4xx</code>", "temporary refusal", "/codes/421"});
}

TEST(CodesPage, ExplainsAWholeReply) {
  const auto body = body_of("/codes?q=535+5.7.139+SmtpClientAuthentication+is+disabled");
  expect_order(body, {"id=\"answer\"", "<code>535 5.7.139</code>",
                      escaped(base().reason_texts(Reason::auth_method_disabled, "en").meaning),
                      "<a href=\"/codes/535\">", "<a href=\"/reasons/auth_method_disabled\">",
                      "<code>login-method-disabled</code>", "id=\"2xx\""});
}

TEST(CodesPage, SaysWhatItDoesNotKnowAndOffersTheNearest) {
  EXPECT_THAT(body_of("/codes?q=536"), HasSubstr("536 is not a known reply code"));
  EXPECT_THAT(body_of("/codes?q=auth_requird"), HasSubstr("did you mean auth_required?"));
  EXPECT_THAT(body_of("/codes?q=hello"), HasSubstr("id=\"answer\""));
}

TEST(CodesPage, EscapesWhateverIsAsked) {
  const auto markup = body_of("/codes?q=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E");
  EXPECT_THAT(markup, Not(HasSubstr("<script")));
  EXPECT_THAT(markup, HasSubstr("value=\"&quot;&gt;&lt;script&gt;alert(1)"));
  const auto bytes = body_of("/codes?q=535%20%FF%FE%1B%5B2J%0D%0Ax%20%7B%7B%3Ehead%7D%7D");
  EXPECT_THAT(bytes, AllOf(HasSubstr(R"(\xFF\xFE\x1B[2J)"), Not(HasSubstr("\x1B"))));
  EXPECT_THAT(bytes, HasSubstr("{{&gt;head}}"));
  EXPECT_EQ(get("/codes?q=%00").status, 200);
  EXPECT_EQ(get("/codes?q=%zz").status, 200);
  EXPECT_EQ(get("/codes?q=" + std::string(8000, 'a')).status, 200);
}

TEST(CodesPage, IsNotKeptByBrowsersWhereItAnswers) {
  EXPECT_EQ(header_of(get("/codes?q=535"), "Cache-Control"), "no-store");
}

TEST(CodesPage, SendsTheFormThatComparesToItsPage) {
  const auto response = get("/codes?a=235&b=530");
  EXPECT_EQ(response.status, 303);
  EXPECT_EQ(header_of(response, "Location"), "/codes/235-vs-530");
  EXPECT_EQ(header_of(response, "Cache-Control"), "no-store");
  EXPECT_EQ(header_of(get("/codes?a=235&b=235"), "Location"), "/codes/235");
  EXPECT_EQ(header_of(get("/codes?a=235&b=530&lang=EN"), "Location"), "/codes/235-vs-530?lang=en");
  EXPECT_EQ(header_of(get("/codes?a=%2F%2Fevil&b=%0D%0AX:%20y"), "Location"),
            "/codes/%2F%2Fevil-vs-%0D%0AX%3A%20y");
  EXPECT_EQ(get("/codes?a=235").status, 200);
  EXPECT_EQ(get("/codes?a=235&b=").status, 200);
}

TEST(CodePage, TellsAllOfABasicCode) {
  const auto body = body_of("/codes/535");
  const auto& texts = base().code_texts(535, "en");
  expect_order(body,
               {"<h1><code>535</code> " + escaped(texts.name), "id=\"meaning\"",
                escaped(texts.meaning), "id=\"when\"", escaped(texts.when), "id=\"fix\"",
                escaped(texts.fix), "id=\"expect\"", "id=\"facts\"",
                "<a href=\"https://www.rfc-editor.org/rfc/rfc4954#section-6\">RFC 4954 §6</a>",
                "id=\"related\"", "<a href=\"/codes/X.7.8\">",
                "<a href=\"/reasons/auth_credentials_invalid\">", "id=\"pairs\"",
                "<a href=\"/codes/235-vs-535\">"});
  EXPECT_THAT(body, HasSubstr("<link rel=\"canonical\" href=\"/codes/535?lang=en\">"));
  EXPECT_EQ(header_of(get("/codes/535"), "Cache-Control"), "max-age=300");
}

TEST(CodePage, TellsAnEnhancedCodeOfOneClassOrOfAny) {
  for (const char* key : {"5.7.8", "X.7.8"}) {
    const auto body = body_of(std::string("/codes/") + key);
    EXPECT_THAT(body, HasSubstr("<h1><code>" + std::string(key) + "</code>"));
    EXPECT_THAT(body, HasSubstr("<a href=\"/codes/535\">"));
    EXPECT_THAT(body, HasSubstr("<a href=\"/reasons/auth_credentials_invalid\">"));
  }
  EXPECT_THAT(body_of("/codes/x.7.8"), HasSubstr("<h1><code>X.7.8</code>"));
}

TEST(CodePage, NamesTheNearestOfWhatItDoesNotKnow) {
  const auto unknown = get("/codes/536");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_THAT(unknown.body, AllOf(HasSubstr("<h1>Not known</h1>"),
                                  HasSubstr("The nearest known one is 535"), HasSubstr("<form")));
  EXPECT_THAT(unknown.body, Not(HasSubstr("rel=\"canonical\"")));
  EXPECT_EQ(header_of(unknown, "Cache-Control"), "no-store");
  EXPECT_THAT(get("/codes/5.7.88").body, HasSubstr("the nearest known one is X.7.8"));
  for (const char* key : {"999", "0", "5.7.999", "1.2", "5..", "X", "auth_required", "Error",
                          "535%20denied", "%3Cb%3E", "%FF", "235-vs-", "-vs-530", "-vs-",
                          "235-vs-536", "235-vs-530-vs-535", "235-vs-235"}) {
    EXPECT_EQ(get(std::string("/codes/") + key).status, 404) << key;
  }
  EXPECT_THAT(get("/codes/%3Cb%3E").body, HasSubstr("&quot;&lt;b&gt;&quot; is neither"));
}

TEST(CodePage, AnswersScriptsInText) {
  const auto response = sample_site()(Request::to("GET", "/codes/536"));
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.content_type, kPlainText);
  EXPECT_THAT(response.body, HasSubstr("The nearest known one is 535"));
}

TEST(ComparePage, SaysFirstWhatAnAlertMeans) {
  const auto body = body_of("/codes/235-vs-530");
  const auto& pair = base().pair_texts({235, 530}, "en");
  expect_order(body, {"<h1>", "id=\"alert\"", "Expected 235, got 530", escaped(pair.changed),
                      escaped(pair.first), "<a href=\"/reasons/", "id=\"summary\"",
                      "id=\"code-235\"", escaped(base().code_texts(235, "en").meaning),
                      "id=\"code-530\"", escaped(base().code_texts(530, "en").fix),
                      "id=\"differences\"", "<th scope=\"row\">Class</th>", "id=\"which\"",
                      escaped(base().code_texts(530, "en").expect), "id=\"reading\"",
                      "rfc4954#section-6", "id=\"pairs\"", "<a href=\"/codes/530-vs-235\">"});
}

TEST(ComparePage, ComparesAnyTwoCodesInTheOrderAskedFor) {
  const auto body = body_of("/codes/554-vs-211");
  const auto comparison = compare(base(), "554", "211", "en");
  EXPECT_THAT(body, HasSubstr("Expected 554, got 211"));
  EXPECT_THAT(body, HasSubstr(escaped(comparison->alert.changed)));
  EXPECT_THAT(body, Not(HasSubstr("<a href=\"/codes/554-vs-211\">")));
}

TEST(ReasonsPage, ListsEveryReasonByGroup) {
  const auto body = body_of("/reasons");
  for (const auto& entry : base().reasons()) {
    const std::string slug(to_string(entry.reason));
    EXPECT_THAT(body, HasSubstr("<a href=\"/reasons/" + slug + "\"><code>" + slug));
    EXPECT_THAT(body, HasSubstr("id=\"" + entry.group + "\""));
  }
}

TEST(ReasonPage, TellsAllOfAReason) {
  const auto body = body_of("/reasons/auth_credentials_invalid");
  const auto& texts = base().reason_texts(Reason::auth_credentials_invalid, "en");
  expect_order(body, {"<h1>" + escaped(texts.name), "<code>auth_credentials_invalid</code>",
                      "id=\"what-happened\"", escaped(texts.meaning), "id=\"fix\"",
                      escaped(texts.fix), "id=\"facts\"", "id=\"related\"",
                      "<a href=\"/codes/535\">", "<a href=\"/codes/X.7.8\">", "id=\"rules\""});
}

TEST(ReasonPage, ShowsTheRulesThatLeadToIt) {
  for (const auto& rule : base().rules()) {
    const auto body = body_of("/reasons/" + std::string(to_string(rule.reason)));
    ASSERT_THAT(body, HasSubstr("<dt><code>" + rule.id + "</code></dt>"));
    ASSERT_THAT(body, HasSubstr(escaped(rule.text))) << rule.id;
  }
  EXPECT_THAT(body_of("/reasons/ok"), Not(HasSubstr("id=\"rules\"")));
}

TEST(ReasonPage, NamesTheNearestOfWhatItDoesNotKnow) {
  const auto response = get("/reasons/auth_requird");
  EXPECT_EQ(response.status, 404);
  EXPECT_THAT(response.body, HasSubstr("did you mean auth_required?"));
  EXPECT_THAT(get("/reasons/%3Cscript%3E").body, Not(HasSubstr("<script>")));
  EXPECT_THAT(get("/reasons/%3Cscript%3E").body, HasSubstr("/reasons lists them all"));
  EXPECT_EQ(get("/reasons/535").status, 404);
  EXPECT_EQ(get("/reasons/" + std::string(8000, 'a')).status, 404);
}

}  // namespace
}  // namespace sre
