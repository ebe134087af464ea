#pragma once

#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "agent/base/result.h"
#include "agent/knowledge/entries.h"
#include "agent/knowledge/table.h"
#include "agent/knowledge/texts.h"

namespace sre {

// The knowledge base as read from its files, nothing compiled yet.
struct KnowledgeData {
  std::vector<CodeEntry> codes;         // by code
  std::vector<EnhancedEntry> enhanced;  // by subject and detail
  std::vector<ReasonEntry> reasons;     // in the order of reasons.tsv
  std::vector<Rule> rules;              // asked first, in this order
  std::vector<Rule> vague_rules;        // asked when the enhanced code says little
  std::vector<Provider> providers;
  std::set<std::string, std::less<>> extensions;
  std::set<std::string, std::less<>> mechanisms;
  std::map<std::string, Texts, std::less<>> texts;  // by language
};

// Reads all files of a knowledge base, whatever their order. The Error holds every problem, one a
// line: "file:line: what is wrong and what would be right".
Result<KnowledgeData> read_knowledge(std::vector<KnowledgeFile> files);

// The files that are compiled in, and those of a folder, which stand in the place of built-in ones
// with the same name. Files of the folder that are not *.tsv are left alone.
std::vector<KnowledgeFile> built_in_files();
Result<std::vector<KnowledgeFile>> files_with_folder(const std::string& folder);

}  // namespace sre
