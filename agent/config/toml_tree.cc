#include "agent/config/toml_tree.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <sstream>
#include <utility>

#include "agent/base/text.h"

namespace sre {
namespace {

Place place_of(const toml::source_region& source) {
  return {static_cast<std::int64_t>(source.begin.line),
          static_cast<std::int64_t>(source.begin.column)};
}

Node convert(const toml::node& from);

void convert_items(const toml::array& from, Node& to) {
  for (const auto& item : from) to.items.push_back(convert(item));
}

void convert_items(const toml::table& from, Node& to) {
  for (const auto& [key, value] : from) {
    Node item = convert(value);
    item.key = key.str();
    item.key_place = place_of(key.source());
    to.items.push_back(std::move(item));
  }
  // toml++ sorts by name; an administrator looks for the order of the file.
  std::stable_sort(to.items.begin(), to.items.end(),
                   [](const Node& a, const Node& b) { return a.key_place < b.key_place; });
}

// The recursion is as deep as the document; toml++ stops at 256 nested values.
Node convert(const toml::node& from) {
  Node to;
  to.place = place_of(from.source());
  if (const auto* table = from.as_table()) {
    convert_items(*table, to);
  } else if (const auto* array = from.as_array()) {
    to.type = Node::Type::array;
    convert_items(*array, to);
  } else if (const auto* string = from.as_string()) {
    to.type = Node::Type::string;
    to.text = string->get();
  } else if (const auto* integer = from.as_integer()) {
    to.type = Node::Type::integer;
    to.number = integer->get();
  } else if (const auto* boolean = from.as_boolean()) {
    to.type = Node::Type::boolean;
    to.flag = boolean->get();
  } else if (from.is_floating_point()) {
    to.type = Node::Type::real;
  } else {
    to.type = Node::Type::date;
  }
  return to;
}

// The cure of the mistakes that toml++ names by what they lead to. It quotes single letters and
// names of keys only, never a value.
std::string describe(std::string_view description) {
  std::string_view cure;
  if (description.find("control characters") != std::string_view::npos) {
    cure = "; is a closing quote missing?";
  } else if (description.find("could not determine value type") != std::string_view::npos) {
    cure = "; strings stand in quotes";
  } else if (description.find("as array-of-tables") != std::string_view::npos) {
    cure = "; each [[target]] has double brackets, and stands above its [[target.check]]";
  }
  return fmt::format("this is not TOML: {}{}", printable(description, 500), cure);
}

}  // namespace

const Node* Node::find(std::string_view name) const {
  const auto found =
      std::find_if(items.begin(), items.end(), [&](const Node& n) { return n.key == name; });
  return type == Type::table && found != items.end() ? &*found : nullptr;
}

std::string_view with_article(Node::Type type) {
  static constexpr std::array<std::string_view, 7> kNames = {
      "a string",       "an integer", "a number with a fraction", "a boolean",
      "a date or time", "an array",   "a table of keys"};
  return kNames[static_cast<std::size_t>(type)];
}

tl::expected<Node, SyntaxError> parse_toml(std::string_view text) {
  try {
    return convert(toml::parse(text));
  } catch (const toml::parse_error& error) {
    return tl::unexpected(SyntaxError{place_of(error.source()), describe(error.description())});
  }
}

std::string toml_quoted(std::string_view text) {
  std::ostringstream out;
  out << toml::toml_formatter{toml::value<std::string>{text},
                              toml::format_flags::allow_unicode_strings};
  return out.str();
}

}  // namespace sre
