#include "agent/access/yaml_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sre {

Place place_of(const YAML::Node& node) {
  const auto mark = node.Mark();
  if (mark.is_null()) return {};
  return {mark.line + 1, mark.column + 1};
}

YamlTable::YamlTable(const YAML::Node& node, std::string name, Problems& problems)
    : name_(std::move(name)), problems_(problems) {
  if (!node.IsDefined() || node.IsNull()) return;
  if (!node.IsMap()) {
    problems_.add(place_of(node), fmt::format("{} must be a mapping: \"key: value\" lines", name_));
    return;
  }
  for (const auto& pair : node) {
    const auto place = place_of(pair.first);
    if (!pair.first.IsScalar()) {
      problems_.add(place, fmt::format("a key in {} is no word", name_));
      continue;
    }
    const auto key = pair.first.Scalar();
    if (!entries_.emplace(key, Entry{place, pair.second}).second) {
      problems_.add(place, fmt::format("{} stands in {} twice; leave one of them out",
                                       in_quotes(key), name_));
    }
  }
}

void YamlTable::allow_only(std::span<const std::string_view> keys) const {
  for (const auto& [key, entry] : entries_) {
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
    problems_.add(entry.key_place, fmt::format("unknown key {} in {}{}", in_quotes(key), name_,
                                               suggestion(key, keys)));
  }
}

Place YamlTable::place(const std::string& key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? Place{} : place_of(found->second.value);
}

// The value is not repeated: it may be a secret in the wrong place.
std::optional<std::string> YamlTable::text_of(const std::string& key,
                                              const YAML::Node& value) const {
  if (value.IsScalar()) return value.Scalar();
  problems_.add(place_of(value), fmt::format("{} in {} must be a text", in_quotes(key), name_));
  return std::nullopt;
}

std::optional<std::string> YamlTable::text(const std::string& key) const {
  const auto found = entries_.find(key);
  if (found == entries_.end() || found->second.value.IsNull()) return std::nullopt;
  auto word = text_of(key, found->second.value);
  return word && !word->empty() ? word : std::nullopt;
}

std::optional<bool> YamlTable::flag(const std::string& key) const {
  const auto word = text(key);
  if (!word || *word == "true" || *word == "false") {
    return word ? std::optional(*word == "true") : std::nullopt;
  }
  problems_.add(place(key), fmt::format("{} is true or false", in_quotes(key)));
  return std::nullopt;
}

std::vector<std::string> YamlTable::texts(const std::string& key) const {
  std::vector<std::string> all;
  const auto found = entries_.find(key);
  if (found == entries_.end() || found->second.value.IsNull()) return all;
  const auto& value = found->second.value;
  if (!value.IsSequence()) {
    problems_.add(place_of(value), fmt::format("{} must be a list", in_quotes(key)));
    return all;
  }
  for (const auto& item : value) {
    if (auto word = text_of(key, item)) all.push_back(std::move(*word));
  }
  return all;
}

YamlTable YamlTable::table(const std::string& key) const {
  const auto found = entries_.find(key);
  return {found == entries_.end() ? YAML::Node() : found->second.value, key, problems_};
}

std::map<std::string, std::string> YamlTable::all_texts() const {
  std::map<std::string, std::string> all;
  for (const auto& [key, entry] : entries_) {
    if (auto word = text_of(key, entry.value)) all.emplace(key, std::move(*word));
  }
  return all;
}

}  // namespace sre
