#include "agent/knowledge/rule_set.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sre {
namespace {

std::vector<Rule> joined(std::vector<Rule> rules, std::vector<Rule> more) {
  std::move(more.begin(), more.end(), std::back_inserter(rules));
  return rules;
}

// The patterns that `pattern_of` finds in `all`; `owners` gets the place of each one's owner.
template <class T, class PatternOf>
std::vector<std::string> patterns_of(const std::vector<T>& all, std::vector<std::size_t>& owners,
                                     PatternOf pattern_of) {
  std::vector<std::string> patterns;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (pattern_of(all[i]).empty()) continue;
    patterns.push_back(pattern_of(all[i]));
    owners.push_back(i);
  }
  return patterns;
}

}  // namespace

RuleSet::RuleSet(std::vector<Rule> rules, std::vector<Rule> vague_rules,
                 std::vector<Provider> providers)
    : first_vague_(rules.size()),
      rules_(joined(std::move(rules), std::move(vague_rules))),
      texts_(patterns_of(rules_, by_text_, [](const Rule& rule) { return rule.text; })),
      words_(patterns_of(providers, by_words_, [](const Provider& one) { return one.text; })),
      banners_(patterns_of(providers, by_banner_, [](const Provider& one) { return one.banner; })) {
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (rules_[i].text.empty()) textless_.push_back(i);
  }
}

// One reply on its way through the rules.
class RuleSet::Asked {
 public:
  Asked(const RuleSet& rules, const Evidence& evidence) : rules_(rules), evidence_(evidence) {}

  // Whether all of the rule's conditions but its text are met.
  bool applies(const Rule& rule) {
    if (rule.phases && !rule.phases->contains(evidence_.phase)) return false;
    if (!rule.codes.empty() && !any_of(rule.codes, evidence_.code)) return false;
    if (!rule.enhanced.empty() &&
        !(evidence_.enhanced && any_of(rule.enhanced, *evidence_.enhanced))) {
      return false;
    }
    return !rule.provider || rule.provider == provider();
  }

 private:
  template <class Patterns, class Code>
  static bool any_of(const Patterns& patterns, const Code& code) {
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](const auto& pattern) { return pattern.matches(code); });
  }

  // Looked for once, and only for the few rules that ask for it.
  std::optional<std::size_t> provider() {
    if (!provider_) provider_ = rules_.provider_of(evidence_);
    return *provider_;
  }

  const RuleSet& rules_;
  const Evidence& evidence_;
  std::optional<std::optional<std::size_t>> provider_;
};

RuleSet::Found RuleSet::find(const Evidence& evidence) const {
  Asked asked(*this, evidence);
  auto textless = textless_.begin();
  const auto found = [&](std::size_t i) {
    return i < first_vague_ ? Found{&rules_[i], nullptr} : Found{nullptr, &rules_[i]};
  };
  // Both lists ascend, so the first that applies is the first of all rules.
  for (const int candidate : texts_.candidates(evidence.text)) {
    const auto i = by_text_[static_cast<std::size_t>(candidate)];
    for (; textless != textless_.end() && *textless < i; ++textless) {
      if (asked.applies(rules_[*textless])) return found(*textless);
    }
    if (asked.applies(rules_[i]) && texts_.fits(candidate, evidence.text)) return found(i);
  }
  for (; textless != textless_.end(); ++textless) {
    if (asked.applies(rules_[*textless])) return found(*textless);
  }
  return {};
}

// What the reply itself shows weighs more than the banner: relays answer with the words of others.
std::optional<std::size_t> RuleSet::provider_of(const Evidence& evidence) const {
  const auto first = [](const PatternIndex& patterns, const std::vector<std::size_t>& owners,
                        std::string_view text) -> std::optional<std::size_t> {
    if (text.empty()) return std::nullopt;
    for (const int candidate : patterns.candidates(text)) {
      if (patterns.fits(candidate, text)) return owners[static_cast<std::size_t>(candidate)];
    }
    return std::nullopt;
  };
  if (const auto told = first(words_, by_words_, evidence.text)) return told;
  return first(banners_, by_banner_, evidence.banner);
}

}  // namespace sre
