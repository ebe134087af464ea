#include "agent/config/toml_tree.h"

#include <gmock/gmock.h>

namespace sre {
namespace {

TEST(ParseToml, KeepsTheOrderOfTheFile) {
  const auto document = parse_toml("z = 1\na = 2\n[m]\n[b]\n");
  ASSERT_TRUE(document);
  std::string order;
  for (const auto& item : document->items) order += item.key;
  EXPECT_EQ(order, "zamb");
}

TEST(ParseToml, KeepsThePlacesOfKeysAndValues) {
  const auto document = parse_toml("\n[agent]\n  helo = \"a\"\n");
  ASSERT_TRUE(document);
  const auto* helo = document->find("agent")->find("helo");
  ASSERT_NE(helo, nullptr);
  EXPECT_EQ(helo->key_place, (Place{3, 3}));
  EXPECT_EQ(helo->place, (Place{3, 10}));
}

TEST(ParseToml, KnowsEveryTypeOfValue) {
  const auto document =
      parse_toml("s = 'a'\ni = 1\nr = 1.5\nb = true\nd = 2026-01-01\nl = [1]\nt = {}\n");
  ASSERT_TRUE(document);
  std::vector<Node::Type> types;
  for (const auto& item : document->items) types.push_back(item.type);
  using enum Node::Type;
  EXPECT_THAT(types, testing::ElementsAre(string, integer, real, boolean, date, array, table));
}

TEST(ParseToml, StopsAtValuesThatAreNestedWithoutEnd) {
  const auto document = parse_toml("a = " + std::string(100'000, '['));
  ASSERT_FALSE(document);
  EXPECT_THAT(document.error().message, testing::HasSubstr("depth"));
}

TEST(TomlQuoted, IsReadBackAsTheSameText) {
  for (const std::string text : {"", "plain", "a \"b\" \\ 'c'", "tab\tline\nend", "gr\u00fc\u00df",
                                 "\x01\x1b", "# no comment"}) {
    const auto document = parse_toml("a = " + toml_quoted(text));
    ASSERT_TRUE(document) << toml_quoted(text);
    EXPECT_EQ(document->find("a")->text, text);
  }
}

}  // namespace
}  // namespace sre
