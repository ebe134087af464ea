#include "agent/knowledge/knowledge_data.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <utility>

#include "agent/base/text.h"
#include "agent/knowledge/rule_table.h"
#include "agent/knowledge/texts_table.h"

namespace sre {
namespace {

// Fills `out` from a parsed cell, or says what is wrong with it.
template <class T>
void take(const Row& row, Result<T> value, T& out, TableErrors& problems) {
  if (value) {
    out = std::move(*value);
  } else {
    add_problem(problems, row, value.error().message);
  }
}

// "RFC 7504; RFC 7505" in parts.
std::vector<std::string> list(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (const auto part : split(text, separator)) parts.emplace_back(trim(part));
  return parts;
}

Result<std::vector<std::string>> parse_fault(std::string_view text) {
  auto faults = list(text, ',');
  for (const auto& fault : faults) {
    if (std::find(kFaults.begin(), kFaults.end(), fault) == kFaults.end()) {
      return failure(fmt::format("\"{}\" is nobody whose fault it can be; write one or more of {}",
                                 printable(fault), fmt::join(kFaults, ", ")));
    }
  }
  return faults;
}

std::vector<CodeEntry> read_codes(const KnowledgeFile& file, TableErrors& problems) {
  std::map<int, CodeEntry> entries;
  for (const auto& row :
       read_table(file, {"code", "defined", "phases", "fault", "reasons"}, problems)) {
    const auto code = parse_code_pattern(row[0]);
    if (!code || code->first != code->last) {
      add_problem(problems, row,
                  fmt::format("\"{}\" is no reply code; write three digits from 200 to 599",
                              printable(row[0])));
      continue;
    }
    CodeEntry entry{code->first, list(row[1], ';'), row[2] == "any", {}, {}, {}, "code-" + row[0]};
    if (!entry.any_phase && row[2] != "-") {
      take(row, parse_phases(row[2]), entry.phases, problems);
    }
    take(row, parse_fault(row[3]), entry.fault, problems);
    take(row, ReasonChoice::parse(row[4]), entry.reasons, problems);
    if (!entries.emplace(entry.code, std::move(entry)).second) {
      add_problem(problems, row, fmt::format("{} is listed twice; keep one line", row[0]));
    }
  }
  std::vector<CodeEntry> codes;
  for (auto& [code, entry] : entries) codes.push_back(std::move(entry));
  return codes;
}

std::vector<EnhancedEntry> read_enhanced(const KnowledgeFile& file, TableErrors& problems) {
  std::map<std::pair<int, int>, EnhancedEntry> entries;
  for (const auto& row :
       read_table(file, {"code", "codes", "reference", "says", "reasons"}, problems)) {
    const auto code = parse_enhanced_pattern(row[0]);
    if (!code || code->status_class != 0 || code->first_detail != code->last_detail) {
      add_problem(problems, row,
                  fmt::format("\"{}\" is no enhanced code; write it as X.7.8: the table holds for "
                              "every class",
                              printable(row[0])));
      continue;
    }
    EnhancedEntry entry{code->subject,       code->first_detail, {},
                        list(row[2], ';'),   row[3] == "vague",  {},
                        "enhanced-" + row[0]};
    if (row[3] != "vague" && row[3] != "clear") {
      add_problem(
          problems, row,
          fmt::format("column \"says\" is \"{}\"; write vague or clear", printable(row[3])));
    }
    if (row[1] != "-" && row[1] != "any") {
      for (const auto part : split(row[1], ',')) {
        CodePattern codes;
        take(row, parse_code_pattern(part), codes, problems);
        entry.codes.push_back(codes);
      }
    }
    take(row, ReasonChoice::parse(row[4]), entry.reasons, problems);
    if (!entries.emplace(std::pair(entry.subject, entry.detail), std::move(entry)).second) {
      add_problem(problems, row, fmt::format("{} is listed twice; keep one line", row[0]));
    }
  }
  std::vector<EnhancedEntry> enhanced;
  for (auto& [key, entry] : entries) enhanced.push_back(std::move(entry));
  return enhanced;
}

std::vector<ReasonEntry> read_reasons(const KnowledgeFile& file, TableErrors& problems) {
  std::vector<ReasonEntry> reasons;
  std::set<Reason> seen;
  for (const auto& row : read_table(file, {"reason", "group", "seen by", "class"}, problems)) {
    const auto reason = parse_reason(row[0]);
    if (!reason || !seen.insert(*reason).second) {
      add_problem(problems, row,
                  fmt::format("\"{}\" {}; the set of reasons is closed, each stands here once",
                              printable(row[0]), reason ? "is listed twice" : "is no reason"));
      continue;
    }
    reasons.push_back({*reason, row[1], row[2], row[3] == "-" ? std::string{} : row[3]});
  }
  for (std::size_t i = 0; i < kReasonCount; ++i) {
    if (!seen.contains(static_cast<Reason>(i))) {
      problems.push_back(fmt::format("{}: the reason {} is missing; add a line for it",
                                     file.shown_as, to_string(static_cast<Reason>(i))));
    }
  }
  return reasons;
}

void read_keywords(const KnowledgeFile& file, KnowledgeData& data, TableErrors& problems) {
  for (const auto& row : read_table(file, {"kind", "name", "reference"}, problems)) {
    if (row[0] == "extension") {
      data.extensions.insert(to_upper(row[1]));
    } else if (row[0] == "mechanism") {
      data.mechanisms.insert(to_upper(row[1]));
    } else {
      add_problem(
          problems, row,
          fmt::format("\"{}\" is no kind; write extension or mechanism", printable(row[0])));
    }
  }
}

const KnowledgeFile* find(const std::vector<KnowledgeFile>& files, std::string_view name) {
  const auto found = std::find_if(files.begin(), files.end(),
                                  [&](const KnowledgeFile& file) { return file.name == name; });
  return found == files.end() ? nullptr : &*found;
}

constexpr std::array<std::string_view, 5> kTables = {"codes.tsv", "enhanced.tsv", "reasons.tsv",
                                                     "providers.tsv", "keywords.tsv"};

// The one of `kTables` with this name, or an empty one, and the problem that it is missing.
KnowledgeFile table(const std::vector<KnowledgeFile>& files, std::string_view name,
                    TableErrors& problems) {
  if (const auto* file = find(files, name)) return *file;
  problems.push_back(fmt::format("{}: the file is missing", name));
  return {std::string(name), {}, std::string(name)};
}

void read_folders(const std::vector<KnowledgeFile>& files, KnowledgeData& data,
                  TableErrors& problems) {
  std::set<std::string> ids;
  for (const auto& file : files) {
    const std::string_view name = file.name;
    const auto slash = name.find('/');
    if (slash == std::string_view::npos) {
      if (std::find(kTables.begin(), kTables.end(), name) == kTables.end()) {
        problems.push_back(fmt::format("{}: there is no table of this name; the tables are {}",
                                       file.shown_as, fmt::join(kTables, ", ")));
      }
    } else if (name.starts_with("rules/")) {
      auto& rules = name.starts_with("rules/vague/") ? data.vague_rules : data.rules;
      auto more = read_rules(file, data.providers, ids, problems);
      std::move(more.begin(), more.end(), std::back_inserter(rules));
    } else {
      read_texts(file, data.codes, data.enhanced, data.texts[std::string(name.substr(0, slash))],
                 problems);
    }
  }
}

}  // namespace

Result<KnowledgeData> read_knowledge(std::vector<KnowledgeFile> files) {
  // Rules are asked in the order of their files' names.
  std::sort(files.begin(), files.end(),
            [](const KnowledgeFile& a, const KnowledgeFile& b) { return a.name < b.name; });
  TableErrors problems;
  KnowledgeData data;
  data.codes = read_codes(table(files, "codes.tsv", problems), problems);
  data.enhanced = read_enhanced(table(files, "enhanced.tsv", problems), problems);
  data.reasons = read_reasons(table(files, "reasons.tsv", problems), problems);
  data.providers = read_providers(table(files, "providers.tsv", problems), problems);
  read_keywords(table(files, "keywords.tsv", problems), data, problems);
  read_folders(files, data, problems);
  check_complete("en", data.codes, data.enhanced, data.reasons, data.texts["en"], problems);
  if (!problems.empty()) return failure(fmt::format("{}", fmt::join(problems, "\n")));
  return data;
}

}  // namespace sre
