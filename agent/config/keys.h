#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace sre {

// The tables of a configuration file.
enum class TableId : std::uint8_t { root, agent, credentials, target, check, probe, module };
inline constexpr std::array kTables = {TableId::root,   TableId::agent, TableId::credentials,
                                       TableId::target, TableId::check, TableId::probe,
                                       TableId::module};

// What a key's value must be.
enum class ValueType : std::uint8_t { string, duration, integer, boolean, strings, table, tables };

// One key that the loader knows. docs/configuration.md has a row for each, with these very texts;
// a test compares.
struct KeySpec {
  std::string_view name;
  ValueType type;
  std::string_view fallback;  // in Markdown: the default, or "required"
};

// As an error and the documentation write it: "[agent]", "[[target]]", "the file".
std::string_view title(TableId table);
std::span<const KeySpec> keys_of(TableId table);
// True where `inner` stands in `outer` itself, as [[target.check]] does in [[target]].
bool stands_in(TableId inner, TableId outer);

// "string", "array of strings" ...: as the documentation writes it.
std::string_view to_string(ValueType type);
// "a string in quotes" ...: what would be right, for an error.
std::string_view wanted(ValueType type);

}  // namespace sre
