#include "agent/web/knowledge_links.h"

#include <gtest/gtest.h>

namespace sre {
namespace {

const Knowledge& base() { return *Knowledge::built_in(); }

TEST(KnowledgeLinks, AreSafeInAnAddress) {
  EXPECT_EQ(code_path("5.7.8"), "/codes/5.7.8");
  EXPECT_EQ(code_path("../\"<\r\n"), "/codes/..%2F%22%3C%0D%0A");
  EXPECT_EQ(reason_path("a/b"), "/reasons/a%2Fb");
  EXPECT_EQ(pair_path({235, 530}), "/codes/235-vs-530");
}

TEST(KnowledgeLinks, LeadOnlyWhereSomethingIsKnown) {
  EXPECT_EQ(met_code_path(base(), 535), "/codes/535");
  EXPECT_EQ(met_code_path(base(), 599), "");
  EXPECT_EQ(met_code_path(base(), 0), "");
  EXPECT_EQ(met_reason_path(Reason::greylisted), "/reasons/greylisted");
  EXPECT_EQ(met_reason_path(Reason::ok), "");
}

TEST(KnowledgeLinks, ReadAPairFromWhatWasExpected) {
  EXPECT_EQ(met_pair(base(), "235", 535), CodePair(235, 535));
  EXPECT_EQ(met_pair(base(), "250|251", 450), CodePair(250, 450));
  for (const char* expected : {"235", "4xx", "", "|", "no reply", "599"}) {
    EXPECT_EQ(met_pair(base(), expected, 235), std::nullopt) << expected;
  }
  EXPECT_EQ(met_pair(base(), "235", 0), std::nullopt);
  EXPECT_EQ(met_pair(base(), "235", 599), std::nullopt);
}

}  // namespace
}  // namespace sre
