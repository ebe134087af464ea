#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/base/result.h"
#include "agent/knowledge/explain.h"

namespace sre {

// Two basic codes side by side, in one language: `expected` is the one that a check waits for,
// `got` the one that came. Plain values.
struct Comparison {
  // A fact in which the two differ.
  struct Difference {
    std::string key;  // of words.tsv
    std::string heading;
    std::string expected;
    std::string got;
  };

  // The pair read as an alert.
  struct Alert {
    std::string title;    // "Expected 235, got 530"
    std::string changed;  // what has most likely changed
    std::string first;    // what to do first
    Reason reason;        // what a check says when `got` comes without any words
  };

  Explanation expected;
  Explanation got;
  std::string title;
  std::string summary;
  std::vector<Difference> differences;
  Alert alert;
  std::vector<Reference> reading;  // of both, each once

  CodePair pair;
};

// Compares any two basic codes that are known. The order matters: "expected 530, got 250" is an
// open door, "expected 250, got 530" a closed one. The Error names the nearest code that is known.
Result<Comparison> compare(const Knowledge& knowledge, std::string_view expected,
                           std::string_view got, std::string_view language);

}  // namespace sre
