#pragma once

#include <re2/re2.h>
#include <re2/set.h>

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "agent/knowledge/entries.h"
#include "agent/smtp/enhanced_code.h"
#include "agent/smtp/phase.h"

namespace sre {

// How patterns are read: case ignored, bytes instead of characters (the wire may bring anything).
RE2::Options pattern_options();

// What the rules look at.
struct Evidence {
  std::optional<Phase> phase;
  int code = 0;
  std::optional<EnhancedCode> enhanced;
  std::string_view text;
  std::string_view banner;
};

// All rules, compiled into one automaton, so that a reply is read once however many rules there
// are. The time is linear in the length of text and banner. Immutable.
class RuleSet {
 public:
  // The rules' and providers' patterns must be valid (the reader has checked them).
  RuleSet(std::vector<Rule> rules, std::vector<Rule> vague_rules, std::vector<Provider> providers);

  // The first rule that applies, of those asked before and of those asked after the enhanced code.
  struct Found {
    const Rule* rule = nullptr;
    const Rule* vague_rule = nullptr;
  };
  Found find(const Evidence& evidence) const;

  const std::vector<Rule>& rules() const { return rules_; }

 private:
  std::optional<std::size_t> provider_of(const std::vector<int>& hits,
                                         std::string_view banner) const;
  static bool applies(const Rule& rule, const Evidence& evidence,
                      std::optional<std::size_t> provider);

  std::size_t first_vague_;
  std::vector<Rule> rules_;              // those asked first, then the vague ones
  std::vector<std::size_t> textless_;    // rules that any text fits
  std::vector<std::size_t> by_pattern_;  // number of a pattern -> rule, or rules_.size() + provider
  std::vector<std::size_t> by_banner_;   // number of a banner pattern -> provider
  std::unique_ptr<RE2::Set> texts_;
  std::unique_ptr<RE2::Set> banners_;
};

}  // namespace sre
