#pragma once

#include <re2/filtered_re2.h>
#include <re2/re2.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/knowledge/literals.h"

namespace sre {

// How patterns are read: case ignored, bytes instead of characters (the wire may bring anything).
RE2::Options pattern_options();

// Many patterns, of which few can fit any one text: those are told from the words that occur in
// it, and only they are tried. One automaton of all patterns would be quicker for texts that it
// has met before, but grows with everything that it meets. Immutable, thread-safe.
class PatternIndex {
 public:
  // The patterns must be valid.
  explicit PatternIndex(const std::vector<std::string>& patterns);

  // The numbers of the patterns that may fit `text`, in ascending order: all others do not.
  std::vector<int> candidates(std::string_view text) const;
  // Whether a pattern fits. Linear in the text's length.
  bool fits(int number, std::string_view text) const;

 private:
  re2::FilteredRE2 patterns_;
  std::optional<Literals> words_;
};

}  // namespace sre
