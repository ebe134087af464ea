#pragma once

#include <yaml-cpp/yaml.h>

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/base/problems.h"

namespace sre {

// Where a value stands.
Place place_of(const YAML::Node& node);

// A mapping of a YAML file, read strictly: what is not as it should be is added to `problems`, and
// reads as absent. One thread only.
class YamlTable {
 public:
  // `name` is how the mapping is called in messages; null counts as an empty one.
  YamlTable(const YAML::Node& node, std::string name, Problems& problems);

  // Adds a problem for each key that is none of these.
  void allow_only(std::span<const std::string_view> keys) const;

  bool empty() const { return entries_.empty(); }
  bool has(const std::string& key) const { return entries_.contains(key); }
  Place place(const std::string& key) const;

  // Each of these is nothing where the key is absent, its value null, empty or not of that type.
  std::optional<std::string> text(const std::string& key) const;
  std::optional<bool> flag(const std::string& key) const;
  std::vector<std::string> texts(const std::string& key) const;
  YamlTable table(const std::string& key) const;
  // All keys, in order, with values that must be texts.
  std::map<std::string, std::string> all_texts() const;

 private:
  struct Entry {
    Place key_place;
    YAML::Node value;
  };

  std::optional<std::string> text_of(const std::string& key, const YAML::Node& value) const;

  std::string name_;
  Problems& problems_;
  std::map<std::string, Entry> entries_;
};

}  // namespace sre
