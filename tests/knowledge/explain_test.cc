#include "agent/knowledge/explain.h"

#include <gmock/gmock.h>

namespace sre {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Result<Explanation> explained(std::string_view query, std::optional<Phase> phase = {}) {
  return explain(*Knowledge::built_in(), query, "en", phase);
}

TEST(Explain, TellsACode) {
  const auto explanation = explained(" 535 ");
  ASSERT_TRUE(explanation);
  EXPECT_EQ(explanation->title(), "535 Authentication credentials invalid");
  EXPECT_THAT(explanation->meaning, Not(IsEmpty()));
  EXPECT_THAT(explanation->when, HasSubstr("AUTH"));
  EXPECT_THAT(explanation->fix, Not(IsEmpty()));
  EXPECT_THAT(explanation->enhanced_codes, Contains("X.7.8"));
  EXPECT_THAT(explanation->reasons, Contains("auth_credentials_invalid"));
  EXPECT_THAT(explanation->pairs, Contains(CodePair(235, 535)));
  EXPECT_FALSE(explanation->reason);
}

std::string fact(const Explanation& explanation, std::string_view key) {
  for (const auto& one : explanation.facts) {
    if (one.key == key) return one.text;
  }
  return {};
}

TEST(Explain, SaysWhoAnswersWhatAndWhoIsAtFault) {
  const auto told = *explained("454");
  EXPECT_EQ(fact(told, "class"), "transient negative reply (4yz)");
  EXPECT_EQ(fact(told, "phases"), "STARTTLS, AUTH");
  EXPECT_EQ(fact(told, "fault"), "the server's");
  EXPECT_EQ(fact(*explained("250"), "fault"), "nobody's");
  EXPECT_EQ(fact(*explained("421"), "phases"), "any command");
  EXPECT_EQ(fact(*explained("auth_required"), "group"), "Login");
}

TEST(Explain, LinksToTheSectionThatDefinesACode) {
  const auto told = *explained("454");
  ASSERT_EQ(told.reading.size(), 2U);
  EXPECT_EQ(told.reading[0].text, "RFC 3207 §4");
  EXPECT_EQ(told.reading[0].url, "https://www.rfc-editor.org/rfc/rfc3207#section-4");
  EXPECT_EQ(explained("253")->reading[0].url, "https://www.rfc-editor.org/rfc/rfc1985");
  EXPECT_EQ(explained("353")->reading[0].url, "https://datatracker.ietf.org/doc/draft-hall-prdr/");
  EXPECT_EQ(explained("435")->reading[0].text, "Exim");
  EXPECT_EQ(explained("435")->reading[0].url, "");
}

TEST(Explain, SaysWhenACheckShouldExpectACode) {
  EXPECT_EQ(explained("451")->expect, Knowledge::built_in()->word("expect_4", "en"));
}

TEST(Explain, TellsAnEnhancedCodeWithAndWithoutClass) {
  const auto explanation = explained("5.7.8");
  ASSERT_TRUE(explanation);
  EXPECT_EQ(explanation->title(), "5.7.8 Authentication credentials invalid");
  EXPECT_THAT(explanation->codes, Contains("535"));
  EXPECT_THAT(explanation->reasons, Contains("auth_credentials_invalid"));
  ASSERT_TRUE(explained("x.7.8"));
  EXPECT_EQ(explained("x.7.8")->title(), "X.7.8 Authentication credentials invalid");
}

TEST(Explain, TellsAReason) {
  const auto explanation = explained("auth_credentials_invalid");
  ASSERT_TRUE(explanation);
  EXPECT_EQ(explanation->key, "auth_credentials_invalid");
  EXPECT_THAT(explanation->codes, Contains("535"));
  EXPECT_THAT(explanation->enhanced_codes, Contains("X.7.8"));
}

TEST(Explain, TellsAWholeReply) {
  const auto explanation = explained("535 5.7.8 Error: authentication failed");
  ASSERT_TRUE(explanation);
  EXPECT_EQ(explanation->key, "535 5.7.8");
  EXPECT_EQ(explanation->reason, Reason::auth_credentials_invalid);
  EXPECT_EQ(explanation->rule_id, "login-refused");
  EXPECT_THAT(explanation->codes, ElementsAre("535"));
  EXPECT_THAT(explanation->enhanced_codes, ElementsAre("5.7.8"));
  EXPECT_THAT(explanation->reasons, ElementsAre("auth_credentials_invalid"));
}

TEST(Explain, TakesThePhaseIntoAccount) {
  EXPECT_EQ(explained("535 Authentication required.", Phase::mail)->reason, Reason::auth_required);
}

TEST(Explain, ReadsAReplyOfSeveralLinesAndOneWithoutCode) {
  EXPECT_EQ(explained("552-5.2.2 The mailbox\n552 5.2.2 is full")->reason, Reason::mailbox_full);
  EXPECT_EQ(explained("Relay access denied")->key, "relay_denied");
}

TEST(Explain, NamesTheNearestOfWhatItDoesNotKnow) {
  EXPECT_EQ(explained("536").error().message,
            "536 is not a known reply code; a client treats it as any other 5xx. The nearest known "
            "one is 535");
  EXPECT_EQ(explained("5.7.88").error().message,
            "5.7.88 is not a known enhanced status code; the nearest known one is X.7.8");
  EXPECT_EQ(explained("auth_requird").error().message,
            "there is no reason \"auth_requird\"; did you mean auth_required?");
  EXPECT_EQ(
      explained("xyzzy").error().message,
      "there is no reason \"xyzzy\"; the command reasons, or the page /reasons, lists them all");
}

TEST(Explain, TellsAClassAsTheMetricsNameIt) {
  const auto& knowledge = *Knowledge::built_in();
  const auto told = explained(knowledge.code_label(499));
  ASSERT_TRUE(told);
  EXPECT_EQ(told->title(), "4xx temporary refusal");
  EXPECT_THAT(told->meaning, HasSubstr("begins with 4: a transient negative reply (4yz)."));
  EXPECT_EQ(fact(*told, "retry"), "yes, later and not too often");
  EXPECT_THAT(told->codes, Contains("421"));
  EXPECT_THAT(told->codes, Not(Contains("535")));
  EXPECT_EQ(explained("4YZ")->title(), told->title());
  EXPECT_FALSE(explained("6xx"));
  for (const auto language : knowledge.languages()) {
    EXPECT_THAT(explain(knowledge, "2xx", language)->meaning, Not(HasSubstr("{"))) << language;
  }
}

TEST(Explain, TakesLinesWithTwoCodesForNoReply) {
  EXPECT_EQ(explained("535 5.7.8 a\n550 b").error().message,
            "these lines are no one reply, as they have the codes 535, 550; explain each reply by "
            "itself");
  EXPECT_TRUE(explained("535-5.7.8 a\r\n535 5.7.8 b\r\n"));
}

TEST(Explain, SaysWhatItCannotRead) {
  EXPECT_EQ(find_code(*Knowledge::built_in(), "").error().message,
            "an empty text is no SMTP reply code; they run from 200 to 599");
  EXPECT_EQ(explained("99").error().message, "99 is no SMTP reply code; they run from 200 to 599");
  EXPECT_EQ(explained("999999999999999999999999").error().message,
            "999999999999999999999999 is no SMTP reply code; they run from 200 to 599");
  EXPECT_THAT(explained(std::string(7000, 'a')).error().message,
              HasSubstr("there is no reason \"aaa"));
  EXPECT_EQ(explained("").error().message, "nothing to explain; try 535, 5.7.8 or auth_required");
  EXPECT_THAT(explained("GET / HTTP/1.1\x1B[2J").error().message,
              HasSubstr("\"GET / HTTP/1.1\\x1B[2J\" is neither"));
}

TEST(Explain, KnowsEverythingThatItNames) {
  const auto& knowledge = *Knowledge::built_in();
  std::vector<std::string> queries;
  for (const auto& entry : knowledge.codes()) queries.push_back(std::to_string(entry.code));
  for (const auto& entry : knowledge.enhanced_codes()) queries.push_back(entry.shown());
  for (const auto& entry : knowledge.reasons()) queries.emplace_back(to_string(entry.reason));
  for (const auto& query : queries) {
    const auto explanation = explained(query);
    ASSERT_TRUE(explanation) << query;
    for (const auto* all :
         {&explanation->codes, &explanation->enhanced_codes, &explanation->reasons}) {
      for (const auto& one : *all) EXPECT_TRUE(explained(one)) << one << ", named by " << query;
    }
  }
}

}  // namespace
}  // namespace sre
