#include "agent/knowledge/facts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace sre {
namespace {

Fact fact(const Knowledge& knowledge, std::string_view key, std::string_view language,
          std::string text) {
  return {std::string(key), std::string(knowledge.word(key, language)), std::move(text)};
}

// The word "PREFIX_NAME".
std::string word_for(const Knowledge& knowledge, std::string_view prefix, std::string_view name,
                     std::string_view language) {
  return std::string(knowledge.word(fmt::format("{}_{}", prefix, name), language));
}

std::string phases_text(const Knowledge& knowledge, const CodeEntry& entry,
                        std::string_view language) {
  if (entry.any_phase) return word_for(knowledge, "phase", "any", language);
  if (entry.phases.empty()) return word_for(knowledge, "phase", "none", language);
  std::vector<std::string> names;
  for (const auto phase : kPhases) {
    if (entry.phases.contains(phase)) {
      names.push_back(word_for(knowledge, "phase", to_string(phase), language));
    }
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string fault_text(const Knowledge& knowledge, const CodeEntry& entry,
                       std::string_view language) {
  std::vector<std::string> names;
  for (const auto& fault : entry.fault) {
    names.push_back(word_for(knowledge, "fault", fault, language));
  }
  return fmt::format("{}", fmt::join(names, " / "));
}

// "RFC 4954 6" as a link to that section; an RFC without section as one to its beginning.
Reference rfc(std::string_view name) {
  constexpr std::string_view kPrefix = "RFC ";
  const auto rest = name.substr(kPrefix.size());
  const auto space = rest.find(' ');
  const auto number = rest.substr(0, space);
  auto url = fmt::format("https://www.rfc-editor.org/rfc/rfc{}", number);
  if (space == std::string_view::npos) return {std::string(name), std::move(url)};
  const auto section = rest.substr(space + 1);
  return {fmt::format("RFC {} §{}", number, section), fmt::format("{}#section-{}", url, section)};
}

}  // namespace

std::vector<Fact> facts(const Knowledge& knowledge, const CodeEntry& entry,
                        std::string_view language) {
  const auto status_class = std::to_string(entry.code / 100);
  const auto by_class = [&](std::string_view prefix) {
    return word_for(knowledge, prefix, status_class, language);
  };
  return {fact(knowledge, "class", language, by_class("class")),
          fact(knowledge, "client_must", language, by_class("client_must")),
          fact(knowledge, "phases", language, phases_text(knowledge, entry, language)),
          fact(knowledge, "fault", language, fault_text(knowledge, entry, language)),
          fact(knowledge, "retry", language, by_class("retry")),
          fact(knowledge, "defined_in", language,
               joined(references(knowledge, entry.defined_in, language)))};
}

std::vector<Fact> class_facts(const Knowledge& knowledge, int status_class,
                              std::string_view language) {
  std::vector<Fact> facts;
  for (const std::string_view key : {"class", "client_must", "retry"}) {
    facts.push_back(fact(knowledge, key, language,
                         word_for(knowledge, key, std::to_string(status_class), language)));
  }
  return facts;
}

std::vector<Fact> facts(const Knowledge& knowledge, const ReasonEntry& entry,
                        std::string_view language) {
  std::vector<Fact> facts = {
      fact(knowledge, "group", language, word_for(knowledge, "group", entry.group, language)),
      fact(knowledge, "seen_by", language, std::string(knowledge.word(entry.seen_by, language)))};
  if (!entry.persistence.empty()) {
    facts.push_back(fact(knowledge, "persistence", language,
                         std::string(knowledge.word(entry.persistence, language))));
  }
  return facts;
}

std::vector<Reference> references(const Knowledge& knowledge,
                                  const std::vector<std::string>& defined_in,
                                  std::string_view language) {
  std::vector<Reference> references;
  for (const auto& name : defined_in) {
    if (name.starts_with("RFC ")) {
      references.push_back(rfc(name));
    } else if (name.starts_with("draft-")) {
      references.push_back({name, fmt::format("https://datatracker.ietf.org/doc/{}/", name)});
    } else {
      references.push_back({std::string(knowledge.word(name, language)), {}});
    }
  }
  return references;
}

std::string joined(const std::vector<Reference>& references) {
  std::vector<std::string_view> texts;
  for (const auto& reference : references) texts.emplace_back(reference.text);
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string filled_in(const Knowledge& knowledge, std::string_view key, std::string_view language,
                      const std::vector<std::pair<std::string_view, std::string_view>>& values) {
  const auto sentence = knowledge.word(key, language);
  std::string text;
  for (std::size_t at = 0; at < sentence.size();) {
    const auto open = std::min(sentence.find('{', at), sentence.size());
    text += sentence.substr(at, open - at);
    const auto close = sentence.find('}', open);
    if (open == sentence.size() || close == std::string_view::npos) {
      return text + std::string(sentence.substr(open));
    }
    const auto name = sentence.substr(open + 1, close - open - 1);
    const auto value = std::find_if(values.begin(), values.end(),
                                    [&](const auto& known) { return known.first == name; });
    text += value != values.end() ? value->second : sentence.substr(open, close - open + 1);
    at = close + 1;
  }
  return text;
}

}  // namespace sre
