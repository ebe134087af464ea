#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/base/clock.h"
#include "agent/base/problems.h"
#include "agent/base/result.h"
#include "agent/config/keys.h"
#include "agent/config/toml_tree.h"

namespace sre {

// A value and where it was said, for an error that is found out later.
template <class T>
struct Placed {
  T value;
  Place place;
};

// One table of the file. Unknown keys and values of a wrong type are reported when it is made;
// after that a key is there in its right type, or not there. The node and the problems must outlive
// it. One thread only.
class TableReader {
 public:
  TableReader(const Node& table, TableId id, Problems& problems);

  TableId id() const { return id_; }
  // Of the value, or of the table where the key is absent.
  Place place(std::string_view key) const;
  Place place() const { return table_.place; }
  // True where the file has the key, even with a value that cannot be used.
  bool mentions(std::string_view key) const { return table_.find(key) != nullptr; }
  // Reports what is wrong with a key's value, or with the table where the key is absent.
  void problem(std::string_view key, std::string message);
  void problem_at(Place where, std::string message) { problems_.add(where, std::move(message)); }
  // Reports the key as needed where the file does not have it, with a line to write.
  void missing(std::string_view key, std::string_view example);

  // Null or empty where the key is absent, or has been reported.
  const Node* find(std::string_view key) const;
  std::optional<std::string> text(std::string_view key);
  std::optional<bool> boolean(std::string_view key) const;
  // Both bounds included; outside of them a report, and nothing.
  std::optional<int> integer(std::string_view key, int least, int most);
  std::optional<Placed<Duration>> duration(std::string_view key, Duration least);
  std::vector<Placed<std::string>> texts(std::string_view key);
  // A string that must pass `rule`, whose error is reported.
  std::optional<Placed<std::string>> text_if(std::string_view key,
                                             Result<void> (*rule)(std::string_view));
  // A string that `parse` understands; `names` are those it does.
  template <class T>
  std::optional<T> choice(std::string_view key, std::optional<T> (*parse)(std::string_view),
                          std::span<const std::string_view> names) {
    const auto chosen = text(key);
    if (!chosen) return std::nullopt;
    const auto parsed = parse(*chosen);
    if (!parsed) not_a_choice(key, *chosen, names);
    return parsed;
  }

 private:
  void check_key(const Node& item);
  void not_a_choice(std::string_view key, std::string_view chosen,
                    std::span<const std::string_view> names);

  const Node& table_;
  TableId id_;
  Problems& problems_;
  std::vector<std::string_view> unusable_;  // keys whose value has a wrong type
};

}  // namespace sre
