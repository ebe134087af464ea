#pragma once

#include <iosfwd>

#include "agent/knowledge/knowledge.h"

namespace sre {

// The command `classify`: for every line "phase<TAB>reply" of `in` one line
// "reason<TAB>code<TAB>enhanced<TAB>rule id" to `out`, "-" where there is none. The phase "-"
// stands for one that is not known. A phase that is none, and a line without a tab, which is a
// reply as a whole, are taken for that too, and told to `warnings` with the number of the line, the
// first ten of them.
void classify_lines(const Knowledge& knowledge, std::istream& in, std::ostream& out,
                    std::ostream& warnings);

}  // namespace sre
