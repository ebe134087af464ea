#include <fmt/format.h>

#include <map>
#include <sstream>

#include "agent/config/keys.h"
#include "tests/config/scratch.h"

namespace sre {
namespace {

// docs/configuration.md as its sections: heading -> the rows of its tables, "| `key` | type |
// default |" each, without the meaning.
std::map<std::string, std::vector<std::string>> documented_rows() {
  std::map<std::string, std::vector<std::string>> sections;
  std::istringstream lines(read_text(source("docs/configuration.md")));
  std::string heading;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("#")) heading = line.substr(line.find_first_not_of("# "));
    if (!line.starts_with("| `")) continue;
    std::size_t end = 0;
    for (int bar = 0; bar < 4 && end != std::string::npos; ++bar)
      end = line.find('|', end + (bar > 0));
    sections[heading].push_back(line.substr(0, end + 1));
  }
  return sections;
}

std::string heading_of(TableId table) {
  return table == TableId::root ? "The file" : fmt::format("`{}`", title(table));
}

TEST(Documentation, HasARowForEveryKeyWithItsTypeAndDefault) {
  const auto sections = documented_rows();
  for (const auto table : kTables) {
    std::vector<std::string> rows;
    for (const auto& key : keys_of(table)) {
      rows.push_back(
          fmt::format("| `{}` | {} | {} |", key.name, to_string(key.type), key.fallback));
    }
    const auto section = sections.find(heading_of(table));
    ASSERT_NE(section, sections.end()) << heading_of(table);
    EXPECT_EQ(section->second, rows) << heading_of(table);
  }
}

TEST(Documentation, NamesEveryKindOfCheck) {
  const auto sections = documented_rows();
  std::vector<std::string> documented;
  for (const auto& row : sections.at("Kinds of check")) {
    documented.push_back(row.substr(3, row.find('`', 3) - 3));
  }
  std::vector<std::string> known;
  for (const auto kind : kKinds) known.emplace_back(to_string(kind));
  EXPECT_EQ(documented, known);
}

}  // namespace
}  // namespace sre
