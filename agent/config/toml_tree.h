#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "agent/base/problems.h"

namespace sre {

// One value of a TOML file with the place where it stands. This tree stands between toml++ and the
// rest of the folder, which so compiles without its headers.
struct Node {
  enum class Type : std::uint8_t { string, integer, real, boolean, date, array, table };

  Type type = Type::table;
  Place place;              // of the value; of its header for a [table]
  std::string key;          // in the table around it; empty in an array
  Place key_place;          // of that key
  std::string text;         // of a string
  std::int64_t number = 0;  // of an integer
  bool flag = false;        // of a boolean
  std::vector<Node> items;  // of an array or a table, in the order of the file

  // The value of `name` in a table; null where there is none.
  const Node* find(std::string_view name) const;
};

// "a string", "an integer" ...
std::string_view with_article(Node::Type type);

struct SyntaxError {
  Place place;
  std::string message;
};

// Reads a whole TOML document (https://toml.io/en/v1.0.0); the error is the first one.
tl::expected<Node, SyntaxError> parse_toml(std::string_view text);

// `text` as a TOML string, quoted and escaped.
std::string toml_quoted(std::string_view text);

}  // namespace sre
