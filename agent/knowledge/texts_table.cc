#include "agent/knowledge/texts_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "agent/base/text.h"

namespace sre {
namespace {

void told_twice(const Row& row, Problems& problems) {
  add_problem(problems, row, fmt::format("{} is told twice; keep one line", printable(row[0])));
}

void read_code_texts(const KnowledgeFile& file, const std::vector<CodeEntry>& codes, Texts& texts,
                     Problems& problems) {
  for (const auto& row : read_table(file, {"code", "meaning", "when", "fix"}, problems)) {
    const auto known = std::find_if(codes.begin(), codes.end(), [&](const CodeEntry& entry) {
      return std::to_string(entry.code) == row[0];
    });
    if (known == codes.end()) {
      add_problem(problems, row,
                  fmt::format("{} is not in codes.tsv; add it there first", printable(row[0])));
    } else if (!texts.codes.emplace(known->code, CodeTexts{row[1], row[2], row[3]}).second) {
      told_twice(row, problems);
    }
  }
}

void read_enhanced_texts(const KnowledgeFile& file, const std::vector<EnhancedEntry>& enhanced,
                         Texts& texts, Problems& problems) {
  for (const auto& row : read_table(file, {"code", "meaning"}, problems)) {
    const auto known =
        std::find_if(enhanced.begin(), enhanced.end(),
                     [&](const EnhancedEntry& entry) { return entry.shown() == row[0]; });
    if (known == enhanced.end()) {
      add_problem(problems, row,
                  fmt::format("{} is not in enhanced.tsv; add it there first", printable(row[0])));
    } else if (!texts.enhanced.emplace(std::pair(known->subject, known->detail), row[1]).second) {
      told_twice(row, problems);
    }
  }
}

void read_reason_texts(const KnowledgeFile& file, Texts& texts, Problems& problems) {
  for (const auto& row : read_table(file, {"reason", "meaning", "fix"}, problems)) {
    const auto reason = parse_reason(row[0]);
    if (!reason) {
      add_problem(problems, row,
                  fmt::format("there is no reason \"{}\"; see reasons.tsv", printable(row[0])));
    } else if (!texts.reasons.emplace(*reason, ReasonTexts{row[1], row[2]}).second) {
      told_twice(row, problems);
    }
  }
}

void read_words(const KnowledgeFile& file, Texts& texts, Problems& problems) {
  for (const auto& row : read_table(file, {"key", "text"}, problems)) {
    if (!texts.words.emplace(row[0], row[1]).second) told_twice(row, problems);
  }
}

}  // namespace

void read_texts(const KnowledgeFile& file, const std::vector<CodeEntry>& codes,
                const std::vector<EnhancedEntry>& enhanced, Texts& texts, Problems& problems) {
  const auto slash = file.name.find('/');
  const auto table = std::string_view(file.name).substr(slash + 1);
  if (table == "codes.tsv") {
    read_code_texts(file, codes, texts, problems);
  } else if (table == "enhanced.tsv") {
    read_enhanced_texts(file, enhanced, texts, problems);
  } else if (table == "reasons.tsv") {
    read_reason_texts(file, texts, problems);
  } else if (table == "words.tsv") {
    read_words(file, texts, problems);
  } else {
    problems.push_back(fmt::format(
        "{}: a language holds codes.tsv, enhanced.tsv, reasons.tsv and words.tsv, nothing else",
        file.shown_as));
  }
}

void check_complete(std::string_view folder, const std::vector<CodeEntry>& codes,
                    const std::vector<EnhancedEntry>& enhanced,
                    const std::vector<ReasonEntry>& reasons, const Texts& texts,
                    Problems& problems) {
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
