#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/knowledge/knowledge.h"

namespace sre {

// A short statement under a heading: "Defined in: RFC 4954 §6".
struct Fact {
  std::string key;      // the heading's key in words.tsv, the same in every language
  std::string heading;  // in the language asked for
  std::string text;
};

// Where to read on.
struct Reference {
  std::string text;  // "RFC 4954 §6"
  std::string url;   // empty where nothing public defines it
};

// Class, what a client does, phases, fault, retry, definition: the same keys for every code, in
// this order, so that two codes can be set side by side.
std::vector<Fact> facts(const Knowledge& knowledge, const CodeEntry& entry,
                        std::string_view language);
// Those of a whole class, 2 to 5: what it is, what a client does, retry.
std::vector<Fact> class_facts(const Knowledge& knowledge, int status_class,
                              std::string_view language);
// Group, persistence, who says it.
std::vector<Fact> facts(const Knowledge& knowledge, const ReasonEntry& entry,
                        std::string_view language);

// What `defined_in` names ("RFC 4954 6", "draft-hall-prdr", "Courier"), with links.
std::vector<Reference> references(const Knowledge& knowledge,
                                  const std::vector<std::string>& defined_in,
                                  std::string_view language);

// "RFC 5321 §4.2.3, RFC 3207 §4".
std::string joined(const std::vector<Reference>& references);

// The sentence `key` of words.tsv with each "{name}" replaced by its value; what has no
// value stays as it is, and no value has to be used, so that a language may shape the sentence.
std::string filled_in(const Knowledge& knowledge, std::string_view key, std::string_view language,
                      const std::vector<std::pair<std::string_view, std::string_view>>& values);

}  // namespace sre
