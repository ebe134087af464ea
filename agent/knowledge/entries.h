#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/knowledge/pattern.h"
#include "agent/smtp/reason.h"

namespace sre {

// Plain values, one for each line of the tables in config/knowledge/.

// A basic reply code (codes.tsv).
struct CodeEntry {
  int code = 0;
  std::string name;
  std::string defined_in;
  bool any_phase = false;  // legitimate as an answer to whatever was said
  PhaseSet phases;         // else: where it is legitimate; empty for commands that no check sends
  ReasonChoice reasons;
  std::string rule_id;  // "code-535": what classify() names when this line decided
};

// An enhanced code of any class (enhanced.tsv).
struct EnhancedEntry {
  std::uint16_t subject = 0;
  std::uint16_t detail = 0;
  std::string name;
  std::vector<CodePattern> codes;  // basic codes that the registry names with it
  std::string reference;
  bool vague = false;  // servers use it for anything, so that every text rule goes first
  ReasonChoice reasons;
  std::string rule_id;  // "enhanced-X.7.8"

  std::string shown() const;  // "X.7.8"
};

// A reason (reasons.tsv).
struct ReasonEntry {
  Reason reason = Reason::ok;
  std::string group;
  std::string seen_by;      // "server", "client" or "both"
  std::string persistence;  // "permanent", "transient", "either"; empty where it does not arise
};

// What a line of the rules says: under these conditions, a reply with this text has this reason.
struct Rule {
  std::string id;
  Reason reason = Reason::ok;
  std::optional<std::size_t> provider;  // index in the list of providers
  std::optional<PhaseSet> phases;
  std::vector<CodePattern> codes;
  std::vector<EnhancedPattern> enhanced;
  std::string text;  // RE2, case ignored; empty: any text
};

// How a provider or server is told by what it says (providers.tsv).
struct Provider {
  std::string name;
  std::string banner;  // RE2, empty: not told by it
  std::string text;
};

struct CodeTexts {
  std::string meaning;
  std::string when;
  std::string fix;
};

struct ReasonTexts {
  std::string meaning;  // what happened, in one sentence
  std::string fix;      // what to do first
};

// All texts of a language. What a language lacks is told in English.
struct Texts {
  std::map<int, CodeTexts> codes;
  std::map<std::pair<int, int>, std::string> enhanced;  // by subject and detail
  std::map<Reason, ReasonTexts> reasons;
  std::map<std::string, std::string, std::less<>> words;  // headings and names
};

}  // namespace sre
