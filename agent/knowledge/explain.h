#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/base/result.h"
#include "agent/knowledge/knowledge.h"

namespace sre {

// What the knowledge base has to say about something, in one language.
struct Explanation {
  std::string title;    // "535 Authentication credentials invalid", "auth_required", ...
  std::string meaning;  // what it means, or what happened
  std::string when;     // when it is seen; may be empty
  std::string fix;      // what to do first; may be empty
  std::vector<std::string> related;  // further queries: codes, enhanced codes ("X.7.8"), reasons
  // Of a whole reply only: how it was read, and by which rule.
  std::optional<Reason> reason;
  std::string rule_id;
};

// Explains a basic code ("535"), an enhanced code ("5.7.8", "X.7.8"), a reason
// ("auth_credentials_invalid") or a whole reply ("535 5.7.8 Error: authentication failed"), the
// latter as an answer in `phase` if that is known. The Error names the nearest that is known.
Result<Explanation> explain(const Knowledge& knowledge, std::string_view query,
                            std::string_view language, std::optional<Phase> phase = {});

}  // namespace sre
