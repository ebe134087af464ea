#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/base/result.h"
#include "agent/knowledge/facts.h"
#include "agent/knowledge/knowledge.h"

namespace sre {

// What the knowledge base has to say about something, in one language. Plain values.
struct Explanation {
  std::string key;      // "535", "5.7.8", "auth_required"; of a reply its codes
  std::string name;     // a few words
  std::string meaning;  // what it means, or what happened
  std::string when;     // when it is seen; may be empty
  std::string fix;      // what to do first; may be empty
  std::string expect;   // of a basic code: when a check should expect it
  std::vector<Fact> facts;
  std::vector<Reference> reading;
  // What belongs together with it; each may be explained in turn.
  std::vector<std::string> codes;
  std::vector<std::string> enhanced_codes;  // "X.7.8", or with the class that was asked for
  std::vector<std::string> reasons;
  std::vector<CodePair> pairs;  // those with a remark of their own that this code is part of
  // Of a whole reply only: how it was read, and by which rule.
  std::optional<Reason> reason;
  std::string rule_id;

  // "535 Authentication credentials invalid".
  std::string title() const { return key + " " + name; }
};

// Explains a basic code ("535"), a class ("4xx", as the metrics name a code that is not listed, or
// "4yz"), an enhanced code ("5.7.8", "X.7.8"), a reason
// ("auth_credentials_invalid") or a whole reply ("535 5.7.8 Error: authentication failed"), the
// latter as an answer in `phase` if that is known. The Error names the nearest that is known.
Result<Explanation> explain(const Knowledge& knowledge, std::string_view query,
                            std::string_view language, std::optional<Phase> phase = {});

// The entry of the basic code that `digits` name; the Error names the nearest that is known.
Result<const CodeEntry*> find_code(const Knowledge& knowledge, std::string_view digits);

}  // namespace sre
