#include "agent/knowledge/table.h"

#include <gmock/gmock.h>

namespace sre {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const std::vector<std::string_view> kColumns = {"code", "name"};

TEST(Table, LeavesOutCommentsAndEmptyLines) {
  TableErrors problems;
  const auto rows =
      read_table({"t.tsv", "# head\n\n250\tfine\r\n550\tnot fine", "t.tsv"}, kColumns, problems);
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_THAT(rows[0].cells, ElementsAre("250", "fine"));
  EXPECT_EQ(rows[1].place, "t.tsv:4");
  EXPECT_THAT(problems, IsEmpty());
}

TEST(Table, NamesEveryLineOfAnotherShape) {
  TableErrors problems;
  const auto rows = read_table({"t.tsv", "250\n251\ta\tb\n252\tok\n253\t \n", "/etc/kb/t.tsv"},
                               kColumns, problems);
  EXPECT_THAT(rows, SizeIs(1));
  EXPECT_THAT(
      problems,
      ElementsAre("/etc/kb/t.tsv:1: 1 column instead of 2; a line holds, separated by one tab: "
                  "code, name",
                  "/etc/kb/t.tsv:2: 3 columns instead of 2; a line holds, separated by one tab: "
                  "code, name",
                  "/etc/kb/t.tsv:4: column \"name\" is empty; write - where there is nothing to "
                  "say"));
}

TEST(Table, SplitsAndLeavesOutEmptyParts) {
  EXPECT_THAT(split("a,,b,", ','), ElementsAre("a", "b"));
  EXPECT_THAT(split("", ','), IsEmpty());
}

}  // namespace
}  // namespace sre
