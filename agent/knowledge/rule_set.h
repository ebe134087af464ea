#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "agent/knowledge/entries.h"
#include "agent/knowledge/pattern_index.h"
#include "agent/smtp/enhanced_code.h"
#include "agent/smtp/phase.h"

namespace sre {

// What the rules look at.
struct Evidence {
  std::optional<Phase> phase;
  int code = 0;
  std::optional<EnhancedCode> enhanced;
  std::string_view text;
  std::string_view banner;
};

// All rules, ready to be asked. The time is linear in the length of text and banner. Immutable.
class RuleSet {
 public:
  // The rules' and providers' patterns must be valid (the reader has checked them).
  RuleSet(std::vector<Rule> rules, std::vector<Rule> vague_rules, std::vector<Provider> providers);

  // The first rule that applies; where none does, the first vague one.
  struct Found {
    const Rule* rule = nullptr;
    const Rule* vague_rule = nullptr;
  };
  Found find(const Evidence& evidence) const;

  const std::vector<Rule>& rules() const { return rules_; }

 private:
  class Asked;
  std::optional<std::size_t> provider_of(const Evidence& evidence) const;

  std::size_t first_vague_;
  std::vector<Rule> rules_;             // those asked first, then the vague ones
  std::vector<std::size_t> textless_;   // rules that any text fits, in ascending order
  std::vector<std::size_t> by_text_;    // number of a rule's pattern -> rule, ascending
  std::vector<std::size_t> by_words_;   // number of a provider's text pattern -> provider
  std::vector<std::size_t> by_banner_;  // number of a provider's banner pattern -> provider
  PatternIndex texts_;
  PatternIndex words_;
  PatternIndex banners_;
};

}  // namespace sre
