#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agent/knowledge/knowledge.h"

namespace sre {

// Where the pages of the knowledge base stand below the site's root, safe in an attribute.

// "/codes/535", "/codes/5.7.8": of a basic or enhanced code that is known.
std::string code_path(std::string_view key);
// "/reasons/auth_required".
std::string reason_path(std::string_view slug);
// "/codes/235-vs-530".
std::string pair_path(CodePair pair);

// The same for what a check has met, empty where the knowledge base has no such page, or none that
// helps: a code that nobody knows, the reason `ok`.
std::string met_code_path(const Knowledge& knowledge, int code);
std::string met_reason_path(Reason reason);

// The two codes of which a failed check is an example: `expected` as its verdict has it, of
// "250|251" the first; nothing for a class ("4xx"), or where no other known code came.
std::optional<CodePair> met_pair(const Knowledge& knowledge, std::string_view expected, int got);

}  // namespace sre
