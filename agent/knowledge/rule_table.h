#pragma once

#include <set>
#include <string>
#include <vector>

#include "agent/knowledge/entries.h"
#include "agent/knowledge/table.h"

namespace sre {

std::vector<Provider> read_providers(const KnowledgeFile& file, TableErrors& problems);

// Reads the rules of one file. `ids` holds the rule ids of all files read so far: each may be used
// once.
std::vector<Rule> read_rules(const KnowledgeFile& file, const std::vector<Provider>& providers,
                             std::set<std::string>& ids, TableErrors& problems);

}  // namespace sre
