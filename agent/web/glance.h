#pragma once

#include "agent/knowledge/knowledge.h"
#include "agent/web/page.h"
#include "agent/web/sources.h"

namespace sre {

// What the overview shows of one check: state, since when, what was expected and what came, the
// reason by its name and, of a failure, what it means, what to do first and which two codes to
// compare.
View glance(const Knowledge& knowledge, const CheckView& view, WallTime now);

}  // namespace sre
