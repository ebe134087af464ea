#pragma once

#include <string>

#include "agent/base/result.h"
#include "agent/knowledge/knowledge.h"

namespace sre {

// The language of the answers: the one that --lang named or, where it named none, that of the
// locale (LC_ALL before LC_MESSAGES before LANG, as locale(7) has it), English where the knowledge
// base has no texts in it. The Error: --lang named one without texts. To be called before any
// thread is started.
Result<std::string> choose_language(const Knowledge& knowledge, const std::string& named);

}  // namespace sre
