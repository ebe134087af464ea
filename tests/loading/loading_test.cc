#include "agent/loading/loading.h"

#include <gmock/gmock.h>

#include "tests/base/files.h"

namespace sre {
namespace {

using testing::HasSubstr;

class LoadingTest : public testing::Test {
 protected:
  Result<Loading> load(const std::string& text) const {
    return load_all(folder.write("config.toml", text));
  }

  test::ScratchFolder folder;
};

TEST_F(LoadingTest, TakesTheBuiltInKnowledgeWhereNoFolderIsNamed) {
  const auto loaded = load("[agent]\n");
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->knowledge.get(), Knowledge::built_in().get());
}

TEST_F(LoadingTest, TellsEveryErrorOfTheConfigurationOnALineOfItsOwn) {
  const auto loaded = load("[agent]\nintervall = \"1m\"\ntimeoutt = \"1s\"\n");
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().message,
              testing::ContainsRegex("config.toml:2:1: [^\n]*\n[^\n]*config.toml:3:1: "));
}

TEST_F(LoadingTest, TellsWhatIsWrongWithTheKnowledge) {
  folder.write("knowledge/codes.tsv", "nonsense\n");
  const auto loaded = load("[agent]\nknowledge_dir = \"knowledge\"\n");
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().message, HasSubstr("codes.tsv:1: "));
}

TEST(JoinedDnsServers, StandWithCommasBetweenThem) {
  Config config;
  EXPECT_EQ(joined_dns_servers(config), "");
  config.agent.dns_servers = {"192.0.2.1:53", "[2001:db8::1]:53"};
  EXPECT_EQ(joined_dns_servers(config), "192.0.2.1:53,[2001:db8::1]:53");
}

}  // namespace
}  // namespace sre
