#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>

#include "agent/knowledge/knowledge.h"
#include "tests/base/files.h"

namespace sre {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

// A folder of its own for each test, removed at the end.
class KnowledgeFolder : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) const { root_.write(name, text); }
  std::string root() const { return root_.path(); }

 private:
  test::ScratchFolder root_;
};

TEST_F(KnowledgeFolder, EmptyIsTheBuiltInBase) {
  const auto knowledge = Knowledge::load(root());
  ASSERT_TRUE(knowledge) << knowledge.error().message;
  EXPECT_EQ((*knowledge)->rules().size(), Knowledge::built_in()->rules().size());
}

TEST_F(KnowledgeFolder, AddsARuleBeforeTheOthers) {
  write("rules/00-local.tsv", "our-gateway\tquota_exceeded\t-\tcarrier pigeon\n");
  write("README", "not a table");
  const auto knowledge = Knowledge::load(root());
  ASSERT_TRUE(knowledge) << knowledge.error().message;
  const auto reply = Reply::from_text("550 5.1.1 user unknown to the carrier pigeon");
  EXPECT_EQ((*knowledge)->classify(Phase::rcpt, reply).rule_id, "our-gateway");
  EXPECT_EQ((*knowledge)->classify(Phase::rcpt, reply).reason, Reason::quota_exceeded);
  EXPECT_EQ(Knowledge::built_in()->classify(Phase::rcpt, reply).reason, Reason::mailbox_unknown);
}

TEST_F(KnowledgeFolder, AddsALanguageThatFallsBackToEnglish) {
  write("xx/reasons.tsv", "greylisted\tgrey\twaiting\twait\n");
  write("xx/words.tsv", "fix\tcure\n");
  const auto knowledge = Knowledge::load(root());
  ASSERT_TRUE(knowledge) << knowledge.error().message;
  EXPECT_THAT((*knowledge)->languages(), ElementsAre("en", "fr", "tr", "xx"));
  EXPECT_EQ((*knowledge)->reason_texts(Reason::greylisted, "xx").meaning, "waiting");
  EXPECT_EQ((*knowledge)->reason_texts(Reason::rate_limited, "xx").meaning,
            (*knowledge)->reason_texts(Reason::rate_limited, "en").meaning);
  EXPECT_EQ((*knowledge)->word("fix", "xx"), "cure");
  EXPECT_EQ((*knowledge)->word("meaning", "xx"), "What it means");
  EXPECT_EQ((*knowledge)->word("no such heading", "xx"), "no such heading");
}

TEST_F(KnowledgeFolder, NamesFileAndLineOfEveryFault) {
  write("rules/00-local.tsv", "\none two\n");
  write("keywords.tsv", "extension\tSIZE\tRFC 1870\nextension\n");
  EXPECT_EQ(Knowledge::load(root()).error().message,
            root() +
                "/keywords.tsv:2: 1 column instead of 3; a line holds, separated by one tab: kind, "
                "name, reference\n" +
                root() +
                "/rules/00-local.tsv:2: 1 column instead of 4; a line holds, separated by one tab: "
                "id, reason, when, text");
}

TEST_F(KnowledgeFolder, MustExist) {
  EXPECT_EQ(Knowledge::load(root() + "/none").error().message,
            root() +
                "/none: No such file or directory; the knowledge base's folder must exist and "
                "be readable");
}

}  // namespace
}  // namespace sre
