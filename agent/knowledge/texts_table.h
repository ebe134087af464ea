#pragma once

#include <string_view>
#include <vector>

#include "agent/knowledge/entries.h"
#include "agent/knowledge/table.h"
#include "agent/knowledge/texts.h"

namespace sre {

// Reads one file of a language's folder into `texts`: codes.tsv, enhanced.tsv, pairs.tsv,
// reasons.tsv or words.tsv. What the file explains must exist: an unknown code or reason is a
// problem.
void read_texts(const KnowledgeFile& file, const std::vector<CodeEntry>& codes,
                const std::vector<EnhancedEntry>& enhanced, Texts& texts, TableErrors& problems);

// Names what the language lacks; English must lack nothing, because it stands in for the others.
// `folder` is the language's name.
void check_complete(std::string_view folder, const std::vector<CodeEntry>& codes,
                    const std::vector<EnhancedEntry>& enhanced,
                    const std::vector<ReasonEntry>& reasons, const Texts& texts,
                    TableErrors& problems);

}  // namespace sre
