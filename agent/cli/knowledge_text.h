#pragma once

#include <string>
#include <string_view>

#include "agent/knowledge/compare.h"
#include "agent/knowledge/explain.h"
#include "agent/knowledge/knowledge.h"

namespace sre {

// The knowledge base as it is printed for people, headings in the same language as the texts.

std::string explanation_text(const Knowledge& knowledge, const Explanation& told,
                             std::string_view language);
std::string comparison_text(const Knowledge& knowledge, const Comparison& comparison,
                            std::string_view language);
// Every basic code, every enhanced code, every pair that has a remark: a line each.
std::string codes_text(const Knowledge& knowledge, std::string_view language);
// Every reason below the heading of its group.
std::string reasons_text(const Knowledge& knowledge, std::string_view language);

}  // namespace sre
