#include "agent/knowledge/table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "agent/base/text.h"

namespace sre {
namespace {

std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> cells;
  for (auto end = line.find('\t'); end != std::string_view::npos; end = line.find('\t')) {
    cells.emplace_back(line.substr(0, end));
    line.remove_prefix(end + 1);
  }
  cells.emplace_back(line);
  return cells;
}

// What is wrong with the cells, or nothing.
std::string fault_of(const std::vector<std::string>& cells,
                     const std::vector<std::string_view>& columns) {
  if (cells.size() != columns.size()) {
    return fmt::format("{} column{} instead of {}; a line holds, separated by one tab: {}",
                       cells.size(), cells.size() == 1 ? "" : "s", columns.size(),
                       fmt::join(columns, ", "));
  }
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (trim(cells[i]).empty()) {
      return fmt::format("column \"{}\" is empty; write - where there is nothing to say",
                         columns[i]);
    }
  }
  return {};
}

}  // namespace

void add_problem(TableErrors& problems, const Row& row, std::string_view what) {
  problems.push_back(fmt::format("{}: {}", row.place, what));
}

std::vector<Row> read_table(const KnowledgeFile& file, const std::vector<std::string_view>& columns,
                            TableErrors& problems) {
  std::vector<Row> rows;
  std::string_view rest = file.text;
  for (int number = 1; !rest.empty(); ++number) {
    const auto end = std::min(rest.find('\n'), rest.size());
    auto line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with('#')) continue;
    Row row{fmt::format("{}:{}", file.shown_as, number), cells_of(line)};
    const auto fault = fault_of(row.cells, columns);
    if (fault.empty()) {
      rows.push_back(std::move(row));
    } else {
      add_problem(problems, row, fault);
    }
  }
  return rows;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const auto end = std::min(text.find(separator), text.size());
    if (end > 0) parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

}  // namespace sre
