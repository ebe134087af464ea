#pragma once

#include <iosfwd>

#include "agent/knowledge/knowledge.h"

namespace sre {

// The command `classify`: for every line "phase<TAB>reply" of `in` one line
// "reason<TAB>code<TAB>enhanced<TAB>rule id" to `out`, "-" where there is none. A phase that is
// not known, or a line without a tab, is a reply of which nobody knows when it came.
void classify_lines(const Knowledge& knowledge, std::istream& in, std::ostream& out);

}  // namespace sre
