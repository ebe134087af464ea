#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sre {

// A file of the knowledge base: its name relative to the base's folder ("rules/10-auth.tsv"), its
// text, and the name under which messages speak of it.
struct KnowledgeFile {
  std::string name;
  std::string text;
  std::string shown_as;
};

// A line of a table, cut at its tabs.
struct Row {
  std::string place;  // "codes.tsv:12"
  std::vector<std::string> cells;

  const std::string& operator[](std::size_t column) const { return cells[column]; }
};

// What is wrong with the files, each as "file:line: what is wrong and what would be right".
using TableErrors = std::vector<std::string>;

void add_problem(TableErrors& problems, const Row& row, std::string_view what);

// The rows of a table of exactly `columns.size()` cells, none of them empty. Empty lines and lines
// that begin with '#' are left out; a line of another shape is a problem and left out too. A cell
// of "-" stands for "none" and comes back as it is.
std::vector<Row> read_table(const KnowledgeFile& file, const std::vector<std::string_view>& columns,
                            TableErrors& problems);

// The parts of `text` between the separators; empty parts are left out.
std::vector<std::string_view> split(std::string_view text, char separator);

}  // namespace sre
