#pragma once

#include <map>
#include <string>
#include <utility>

#include "agent/smtp/reason.h"

namespace sre {

// What a language tells: plain values, one for each line of a table in config/knowledge/LANGUAGE/.

struct CodeTexts {
  std::string name;     // a few words
  std::string meaning;  // what the server says with it
  std::string when;     // when it is seen
  std::string fix;      // what to do
  std::string expect;   // when a check should expect it; empty where its class says enough
};

struct EnhancedTexts {
  std::string name;
  std::string meaning;
};

struct ReasonTexts {
  std::string name;
  std::string meaning;  // what happened, in one sentence
  std::string fix;      // what to do first
};

// Two basic codes read as an alert: the one that a check expects, the one that came.
using CodePair = std::pair<int, int>;

struct PairTexts {
  std::string changed;  // what has most likely changed
  std::string first;    // what to do first
};

// All texts of a language. What a language lacks is told in English.
struct Texts {
  std::map<int, CodeTexts> codes;
  std::map<std::pair<int, int>, EnhancedTexts> enhanced;  // by subject and detail
  std::map<Reason, ReasonTexts> reasons;
  std::map<CodePair, PairTexts> pairs;
  std::map<std::string, std::string, std::less<>> words;  // headings and names
};

}  // namespace sre
