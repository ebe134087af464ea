#include "agent/knowledge/texts_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "agent/base/text.h"

namespace sre {
namespace {

void told_twice(const Row& row, TableErrors& problems) {
  add_problem(problems, row, fmt::format("{} is told twice; keep one line", printable(row[0])));
}

std::string unless_none(const std::string& cell) { return cell == "-" ? std::string{} : cell; }

const CodeEntry* find_code(const std::vector<CodeEntry>& codes, std::string_view digits) {
  const auto found = std::find_if(codes.begin(), codes.end(), [&](const CodeEntry& entry) {
    return std::to_string(entry.code) == digits;
  });
  return found == codes.end() ? nullptr : &*found;
}

void not_listed(const Row& row, std::string_view what, std::string_view table,
                TableErrors& problems) {
  add_problem(problems, row,
              fmt::format("{} is not in {}; add it there first", printable(what), table));
}

void read_code_texts(const KnowledgeFile& file, const std::vector<CodeEntry>& codes, Texts& texts,
                     TableErrors& problems) {
  for (const auto& row :
       read_table(file, {"code", "name", "meaning", "when", "fix", "expect"}, problems)) {
    const auto* known = find_code(codes, row[0]);
    if (known == nullptr) {
      not_listed(row, row[0], "codes.tsv", problems);
    } else if (!texts.codes
                    .emplace(known->code,
                             CodeTexts{row[1], row[2], row[3], row[4], unless_none(row[5])})
                    .second) {
      told_twice(row, problems);
    }
  }
}

void read_enhanced_texts(const KnowledgeFile& file, const std::vector<EnhancedEntry>& enhanced,
                         Texts& texts, TableErrors& problems) {
  for (const auto& row : read_table(file, {"code", "name", "meaning"}, problems)) {
    const auto known =
        std::find_if(enhanced.begin(), enhanced.end(),
                     [&](const EnhancedEntry& entry) { return entry.shown() == row[0]; });
    if (known == enhanced.end()) {
      not_listed(row, row[0], "enhanced.tsv", problems);
    } else if (!texts.enhanced
                    .emplace(std::pair(known->subject, known->detail),
                             EnhancedTexts{row[1], row[2]})
                    .second) {
      told_twice(row, problems);
    }
  }
}

void read_reason_texts(const KnowledgeFile& file, Texts& texts, TableErrors& problems) {
  for (const auto& row : read_table(file, {"reason", "name", "meaning", "fix"}, problems)) {
    const auto reason = parse_reason(row[0]);
    if (!reason) {
      add_problem(problems, row,
                  fmt::format("there is no reason \"{}\"; see reasons.tsv", printable(row[0])));
    } else if (!texts.reasons.emplace(*reason, ReasonTexts{row[1], row[2], row[3]}).second) {
      told_twice(row, problems);
    }
  }
}

void read_pair_texts(const KnowledgeFile& file, const std::vector<CodeEntry>& codes, Texts& texts,
                     TableErrors& problems) {
  for (const auto& row : read_table(file, {"expected", "got", "changed", "first"}, problems)) {
    const auto* expected = find_code(codes, row[0]);
    const auto* got = find_code(codes, row[1]);
    if (expected == nullptr || got == nullptr) {
      not_listed(row, expected == nullptr ? row[0] : row[1], "codes.tsv", problems);
    } else if (expected == got) {
      add_problem(problems, row, "a code is not compared with itself; write two codes");
    } else if (!texts.pairs.emplace(CodePair(expected->code, got->code), PairTexts{row[2], row[3]})
                    .second) {
      add_problem(problems, row,
                  fmt::format("{} and {} are told twice; keep one line", row[0], row[1]));
    }
  }
}

void read_words(const KnowledgeFile& file, Texts& texts, TableErrors& problems) {
  for (const auto& row : read_table(file, {"key", "text"}, problems)) {
    if (!texts.words.emplace(row[0], row[1]).second) told_twice(row, problems);
  }
}

}  // namespace

void read_texts(const KnowledgeFile& file, const std::vector<CodeEntry>& codes,
                const std::vector<EnhancedEntry>& enhanced, Texts& texts, TableErrors& problems) {
  const auto slash = file.name.find('/');
  const auto table = std::string_view(file.name).substr(slash + 1);
  if (table == "codes.tsv") {
    read_code_texts(file, codes, texts, problems);
  } else if (table == "enhanced.tsv") {
    read_enhanced_texts(file, enhanced, texts, problems);
  } else if (table == "reasons.tsv") {
    read_reason_texts(file, texts, problems);
  } else if (table == "pairs.tsv") {
    read_pair_texts(file, codes, texts, problems);
  } else if (table == "words.tsv") {
    read_words(file, texts, problems);
  } else {
    problems.push_back(fmt::format(
        "{}: a language holds codes.tsv, enhanced.tsv, pairs.tsv, reasons.tsv and words.tsv, "
        "nothing else",
        file.shown_as));
  }
}

void check_complete(std::string_view folder, const std::vector<CodeEntry>& codes,
                    const std::vector<EnhancedEntry>& enhanced,
                    const std::vector<ReasonEntry>& reasons, const Texts& texts,
                    TableErrors& problems) {
  const auto lacks = [&](std::string_view file, std::string_view what) {
    problems.push_back(fmt::format("{}/{}: no text for {}; add a line for it", folder, file, what));
  };
  for (const auto& entry : codes) {
    if (!texts.codes.contains(entry.code)) lacks("codes.tsv", std::to_string(entry.code));
  }
  for (const auto& entry : enhanced) {
    if (!texts.enhanced.contains({entry.subject, entry.detail})) {
      lacks("enhanced.tsv", entry.shown());
    }
  }
  for (const auto& entry : reasons) {
    if (!texts.reasons.contains(entry.reason)) lacks("reasons.tsv", to_string(entry.reason));
  }
}

}  // namespace sre
