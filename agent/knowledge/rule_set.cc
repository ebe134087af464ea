#include "agent/knowledge/rule_set.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sre {
namespace {

// The automaton is built while texts are read and kept within this; the replies of a day need a
// small part of it.
constexpr std::int64_t kAutomatonBytes = std::int64_t{24} << 20;

std::vector<Rule> joined(std::vector<Rule> rules, std::vector<Rule> more) {
  std::move(more.begin(), more.end(), std::back_inserter(rules));
  return rules;
}

}  // namespace

RE2::Options pattern_options() {
  RE2::Options options;
  options.set_case_sensitive(false);
  options.set_encoding(RE2::Options::EncodingLatin1);
  options.set_log_errors(false);
  options.set_max_mem(kAutomatonBytes);
  return options;
}

RuleSet::RuleSet(std::vector<Rule> rules, std::vector<Rule> vague_rules,
                 std::vector<Provider> providers)
    : first_vague_(rules.size()),
      rules_(joined(std::move(rules), std::move(vague_rules))),
      texts_(std::make_unique<RE2::Set>(pattern_options(), RE2::UNANCHORED)),
      banners_(std::make_unique<RE2::Set>(pattern_options(), RE2::UNANCHORED)) {
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (rules_[i].text.empty()) {
      textless_.push_back(i);
    } else if (texts_->Add(rules_[i].text, nullptr) >= 0) {
      by_pattern_.push_back(i);
    }
  }
  for (std::size_t i = 0; i < providers.size(); ++i) {
    if (!providers[i].text.empty() && texts_->Add(providers[i].text, nullptr) >= 0) {
      by_pattern_.push_back(rules_.size() + i);
    }
    if (!providers[i].banner.empty() && banners_->Add(providers[i].banner, nullptr) >= 0) {
      by_banner_.push_back(i);
    }
  }
  texts_->Compile();
  banners_->Compile();
}

RuleSet::Found RuleSet::find(const Evidence& evidence) const {
  std::vector<int> hits;
  texts_->Match({evidence.text.data(), evidence.text.size()}, &hits);
  const auto provider = provider_of(hits, evidence.banner);
  auto first = rules_.size();
  auto vague = rules_.size();
  const auto consider = [&](std::size_t i) {
    auto& best = i < first_vague_ ? first : vague;
    if (i < best && applies(rules_[i], evidence, provider)) best = i;
  };
  for (const int hit : hits) {
    const auto i = by_pattern_[static_cast<std::size_t>(hit)];
    if (i < rules_.size()) consider(i);
  }
  for (const auto i : textless_) consider(i);
  Found found;
  if (first < rules_.size()) found.rule = &rules_[first];
  if (vague < rules_.size()) found.vague_rule = &rules_[vague];
  return found;
}

std::optional<std::size_t> RuleSet::provider_of(const std::vector<int>& hits,
                                                std::string_view banner) const {
  // What the reply itself shows weighs more than the banner: relays answer with the words of
  // others.
  std::optional<std::size_t> best;
  for (const int hit : hits) {
    const auto i = by_pattern_[static_cast<std::size_t>(hit)];
    if (i >= rules_.size() && (!best || i - rules_.size() < *best)) best = i - rules_.size();
  }
  if (best || banner.empty()) return best;
  std::vector<int> banner_hits;
  banners_->Match({banner.data(), banner.size()}, &banner_hits);
  for (const int hit : banner_hits) {
    const auto i = by_banner_[static_cast<std::size_t>(hit)];
    if (!best || i < *best) best = i;
  }
  return best;
}

bool RuleSet::applies(const Rule& rule, const Evidence& evidence,
                      std::optional<std::size_t> provider) {
  if (rule.provider && rule.provider != provider) return false;
  if (rule.phases && !rule.phases->contains(evidence.phase)) return false;
  if (!rule.codes.empty() &&
      std::none_of(rule.codes.begin(), rule.codes.end(),
                   [&](const CodePattern& codes) { return codes.matches(evidence.code); })) {
    return false;
  }
  return rule.enhanced.empty() ||
         (evidence.enhanced && std::any_of(rule.enhanced.begin(), rule.enhanced.end(),
                                           [&](const EnhancedPattern& codes) {
                                             return codes.matches(*evidence.enhanced);
                                           }));
}

}  // namespace sre
