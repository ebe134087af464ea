#include "agent/config/table_reader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "agent/base/duration.h"

namespace sre {
namespace {

// True of an empty array too.
bool all_of_type(const Node& array, Node::Type type) {
  return std::all_of(array.items.begin(), array.items.end(),
                     [&](const Node& item) { return item.type == type; });
}

bool has_type(const Node& node, ValueType type) {
  switch (type) {
    case ValueType::string:
    case ValueType::duration:
      return node.type == Node::Type::string;
    case ValueType::integer:
      return node.type == Node::Type::integer;
    case ValueType::boolean:
      return node.type == Node::Type::boolean;
    case ValueType::table:
      return node.type == Node::Type::table;
    case ValueType::strings:
      return node.type == Node::Type::array && all_of_type(node, Node::Type::string);
    case ValueType::tables:
      return node.type == Node::Type::array && all_of_type(node, Node::Type::table);
  }
  return false;
}

// What stands there, told without its value: it may be a password in the wrong place.
std::string_view what_stands_there(const Node& node, ValueType wanted_type) {
  const bool array = wanted_type == ValueType::strings || wanted_type == ValueType::tables;
  const bool mixed = array && node.type == Node::Type::array;
  return mixed ? "an array of something else" : with_article(node.type);
}

bool knows(TableId table, const Node& item) {
  const auto keys = keys_of(table);
  return std::any_of(keys.begin(), keys.end(), [&](const KeySpec& spec) {
    return spec.name == item.key && has_type(item, spec.type);
  });
}

// The tables where such a key would be right, those inside of `table` alone where there are some. A
// module has the keys of a target and of a check, so it is meant where nothing else is.
std::vector<std::string_view> right_places(const Node& item, TableId table) {
  std::vector<std::string_view> inside;
  std::vector<std::string_view> others;
  for (const auto other : kTables) {
    if (!knows(other, item)) continue;
    if (stands_in(other, table)) inside.push_back(title(other));
    if (other != TableId::module || others.empty()) others.push_back(title(other));
  }
  return inside.empty() ? others : inside;
}

// For a key that is not in the table's list. Its value is not told either.
std::string unknown_key(const Node& item, TableId table) {
  const std::string_view key = item.key;
  if (key == "password" || key == "token" || key == "secret") {
    return fmt::format(
        "{} would put a secret into this file; write it to a file of its own, readable by its "
        "owner only, and name that in password_file{}",
        in_quotes(key), table == TableId::credentials ? "" : " of a [credentials.NAME] table");
  }
  const auto places = right_places(item, table);
  if (!places.empty()) {
    return fmt::format("unknown key {} in {}; it belongs in {}", in_quotes(key), title(table),
                       fmt::join(places, " or "));
  }
  std::vector<std::string_view> names;
  for (const auto& spec : keys_of(table)) names.push_back(spec.name);
  return fmt::format("unknown key {} in {}{}", in_quotes(key), title(table),
                     suggestion(key, names));
}

}  // namespace

TableReader::TableReader(const Node& table, TableId id, Problems& problems)
    : table_(table), id_(id), problems_(problems) {
  for (const auto& item : table_.items) check_key(item);
}

void TableReader::check_key(const Node& item) {
  const auto keys = keys_of(id_);
  const auto spec =
      std::find_if(keys.begin(), keys.end(), [&](const auto& k) { return k.name == item.key; });
  if (spec == keys.end()) {
    problems_.add(item.key_place, unknown_key(item, id_));
  } else if (!has_type(item, spec->type)) {
    problems_.add(item.place, fmt::format("{} must be {}, not {}", spec->name, wanted(spec->type),
                                          what_stands_there(item, spec->type)));
    unusable_.push_back(spec->name);
  }
}

// To the reader of a section, a value of a wrong type is no value: it has been reported, and the
// default may stand in for the rest of the reading.
const Node* TableReader::find(std::string_view key) const {
  const bool usable = std::find(unusable_.begin(), unusable_.end(), key) == unusable_.end();
  return usable ? table_.find(key) : nullptr;
}

Place TableReader::place(std::string_view key) const {
  const auto* node = table_.find(key);
  return node != nullptr ? node->place : table_.place;
}

void TableReader::problem(std::string_view key, std::string message) {
  problems_.add(place(key), std::move(message));
}

void TableReader::missing(std::string_view key, std::string_view example) {
  if (mentions(key)) return;
  problems_.add(place(), fmt::format("{} needs {}; write {}", title(id_), key, example));
}

std::optional<std::string> TableReader::text(std::string_view key) {
  const auto* node = find(key);
  if (node == nullptr) return std::nullopt;
  return node->text;
}

std::optional<bool> TableReader::boolean(std::string_view key) const {
  const auto* node = find(key);
  if (node == nullptr) return std::nullopt;
  return node->flag;
}

std::optional<int> TableReader::integer(std::string_view key, int least, int most) {
  const auto* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (node->number < least || node->number > most) {
    problem(key,
            fmt::format("{} is {}; write a number from {} to {}", key, node->number, least, most));
    return std::nullopt;
  }
  return static_cast<int>(node->number);
}

std::optional<Placed<Duration>> TableReader::duration(std::string_view key, Duration least) {
  const auto* node = find(key);
  if (node == nullptr) return std::nullopt;
  const auto parsed = parse_duration(node->text);
  if (!parsed) {
    problem(key, fmt::format("{} is no duration; write numbers with the units d, h, m, s or ms, "
                             "such as \"90s\" or \"1h30m\"",
                             in_quotes(node->text)));
    return std::nullopt;
  }
  if (*parsed < least) {
    problem(key, fmt::format("{} is {}; write at least {}", key, format_duration(*parsed),
                             in_quotes(format_duration(least))));
    return std::nullopt;
  }
  return Placed<Duration>{*parsed, node->place};
}

std::vector<Placed<std::string>> TableReader::texts(std::string_view key) {
  std::vector<Placed<std::string>> found;
  if (const auto* node = find(key)) {
    for (const auto& item : node->items) found.push_back({item.text, item.place});
  }
  return found;
}

std::optional<Placed<std::string>> TableReader::text_if(std::string_view key,
                                                        Result<void> (*rule)(std::string_view)) {
  const auto* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (const auto kept = rule(node->text); !kept) {
    problem(key, fmt::format("{}: {}", key, kept.error().message));
    return std::nullopt;
  }
  return Placed<std::string>{node->text, node->place};
}

void TableReader::not_a_choice(std::string_view key, std::string_view chosen,
                               std::span<const std::string_view> names) {
  problem(key,
          fmt::format("{} is no value of {}{}", in_quotes(chosen), key, suggestion(chosen, names)));
}

}  // namespace sre
