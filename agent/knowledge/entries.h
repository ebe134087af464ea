#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/knowledge/pattern.h"
#include "agent/smtp/reason.h"

namespace sre {

// Plain values, one for each line of the tables in config/knowledge/.

// Whose fault a refusal can be, as codes.tsv names it.
inline constexpr std::array<std::string_view, 8> kFaults = {
    "nobody", "client", "server", "account", "sender", "recipient", "message", "policy"};

// A basic reply code (codes.tsv).
struct CodeEntry {
  int code = 0;
  std::vector<std::string> defined_in;  // "RFC 5321 4.2.3", or who uses it: "Courier"
  bool any_phase = false;               // legitimate as an answer to whatever was said
  PhaseSet phases;  // else: where it is legitimate; empty for commands that no check sends
  std::vector<std::string> fault;  // whose it mostly is: "client", "server", ...; see kFaults
  ReasonChoice reasons;
  std::string rule_id;  // "code-535": what classify() names when this line decided
};

// An enhanced code of any class (enhanced.tsv).
struct EnhancedEntry {
  std::uint16_t subject = 0;
  std::uint16_t detail = 0;
  std::vector<CodePattern> codes;       // basic codes that the registry names with it
  std::vector<std::string> defined_in;  // as in CodeEntry
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

}  // namespace sre
