#include "agent/knowledge/knowledge.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <tuple>
#include <utility>

#include "agent/base/text.h"
#include "agent/knowledge/rule_set.h"

namespace sre {
namespace {

constexpr std::string_view kFallbackLanguage = "en";

std::shared_ptr<const Knowledge> compiled_in() {
  auto data = read_knowledge(built_in_files());
  if (!data) {
    // A fault of the build, which the tests find; nothing can be said without a knowledge base.
    std::fputs((data.error().message + "\n").c_str(), stderr);
    std::abort();
  }
  return std::make_shared<const Knowledge>(std::move(*data));
}

}  // namespace

const std::shared_ptr<const Knowledge>& Knowledge::built_in() {
  static const auto knowledge = compiled_in();
  return knowledge;
}

Result<std::shared_ptr<const Knowledge>> Knowledge::load(const std::string& folder) {
  if (folder.empty()) return built_in();
  auto files = files_with_folder(folder);
  if (!files) return tl::unexpected(files.error());
  auto data = read_knowledge(std::move(*files));
  if (!data) return tl::unexpected(data.error());
  return std::make_shared<const Knowledge>(std::move(*data));
}

Knowledge::Knowledge(KnowledgeData data) : data_(std::move(data)) {
  rules_ = std::make_shared<const RuleSet>(std::exchange(data_.rules, {}),
                                           std::exchange(data_.vague_rules, {}), data_.providers);
}

const CodeEntry* Knowledge::code(int code) const {
  const auto at =
      std::lower_bound(data_.codes.begin(), data_.codes.end(), code,
                       [](const CodeEntry& entry, int wanted) { return entry.code < wanted; });
  return at != data_.codes.end() && at->code == code ? &*at : nullptr;
}

const EnhancedEntry* Knowledge::enhanced(EnhancedCode code) const {
  const auto at = std::lower_bound(data_.enhanced.begin(), data_.enhanced.end(), code,
                                   [](const EnhancedEntry& entry, const EnhancedCode& wanted) {
                                     return std::tie(entry.subject, entry.detail) <
                                            std::tie(wanted.subject, wanted.detail);
                                   });
  const bool found =
      at != data_.enhanced.end() && at->subject == code.subject && at->detail == code.detail;
  return found ? &*at : nullptr;
}

const ReasonEntry& Knowledge::reason(Reason reason) const {
  // The reader has made sure that every reason is there.
  return *std::find_if(data_.reasons.begin(), data_.reasons.end(),
                       [&](const ReasonEntry& entry) { return entry.reason == reason; });
}

std::span<const Rule> Knowledge::rules() const { return rules_->rules(); }

std::vector<CodePair> Knowledge::pairs() const {
  std::vector<CodePair> pairs;
  // English has them all: it stands in for the other languages.
  for (const auto& [pair, texts] : data_.texts.find(kFallbackLanguage)->second.pairs) {
    pairs.push_back(pair);
  }
  return pairs;
}

std::vector<std::string_view> Knowledge::languages() const {
  std::vector<std::string_view> names;
  for (const auto& [name, texts] : data_.texts) names.emplace_back(name);
  return names;
}

// What `select` finds (a pointer, or nullptr) in the language's texts, else in the English ones,
// else an empty value.
template <class Select>
const auto& Knowledge::translated(std::string_view language, Select select) const {
  using Value = std::remove_cvref_t<decltype(*select(std::declval<const Texts&>()))>;
  static const Value kNothing{};
  for (const auto name : {language, kFallbackLanguage}) {
    const auto texts = data_.texts.find(name);
    if (texts == data_.texts.end()) continue;
    if (const auto* value = select(texts->second)) return *value;
  }
  return kNothing;
}

namespace {

template <class Map, class Key>
auto find_in(const Map& map, const Key& key) {
  const auto at = map.find(key);
  return at == map.end() ? nullptr : &at->second;
}

}  // namespace

const CodeTexts& Knowledge::code_texts(int code, std::string_view language) const {
  return translated(language, [&](const Texts& texts) { return find_in(texts.codes, code); });
}

const EnhancedTexts& Knowledge::enhanced_texts(EnhancedCode code, std::string_view language) const {
  const std::pair<int, int> key(code.subject, code.detail);
  return translated(language, [&](const Texts& texts) { return find_in(texts.enhanced, key); });
}

const ReasonTexts& Knowledge::reason_texts(Reason reason, std::string_view language) const {
  return translated(language, [&](const Texts& texts) { return find_in(texts.reasons, reason); });
}

const PairTexts& Knowledge::pair_texts(CodePair pair, std::string_view language) const {
  return translated(language, [&](const Texts& texts) { return find_in(texts.pairs, pair); });
}

std::string_view Knowledge::word(std::string_view key, std::string_view language) const {
  const std::string& text =
      translated(language, [&](const Texts& texts) { return find_in(texts.words, key); });
  return text.empty() ? key : std::string_view(text);
}

std::string Knowledge::code_label(int code) const {
  if (code < 200 || code > 599) return "other";
  return this->code(code) != nullptr ? std::to_string(code) : fmt::format("{}xx", code / 100);
}

std::string Knowledge::enhanced_label(std::optional<EnhancedCode> code) const {
  if (!code) return {};
  const auto status_class = code->status_class;
  const bool known_class = status_class == 2 || status_class == 4 || status_class == 5;
  return known_class && enhanced(*code) != nullptr ? to_string(*code) : "other";
}

std::string Knowledge::extension_label(std::string_view keyword) const {
  auto name = to_upper(keyword);
  return data_.extensions.contains(name) ? name : "other";
}

std::string Knowledge::mechanism_label(std::string_view mechanism) const {
  auto name = to_upper(mechanism);
  return data_.mechanisms.contains(name) ? name : "other";
}

}  // namespace sre
