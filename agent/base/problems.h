#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sre {

// A place in a configuration file, counted from 1; 0 where there is none.
struct Place {
  std::int64_t line = 0;
  std::int64_t column = 0;
  friend auto operator<=>(const Place&, const Place&) = default;
};

// One mistake in a configuration file.
struct ConfigError {
  std::string file;
  Place place;          // 0:0 where the whole file is meant
  std::string message;  // what is wrong and what would be right; never a secret
};

// "file:line:column: message", "file: message" where the place is 0:0.
std::string to_string(const ConfigError& error);

// All of them, a line each.
std::string to_string(std::span<const ConfigError> errors);

// Collects what is wrong with a file, so that all of it is told at once. One thread only.
class Problems {
 public:
  explicit Problems(std::string file) : file_(std::move(file)) {}

  void add(Place place, std::string message);
  bool none() const { return errors_.empty(); }
  // By place, each once: several checks may meet the same mistake of their target.
  std::vector<ConfigError> sorted() const;

 private:
  std::string file_;
  std::vector<ConfigError> errors_;
};

// `; did you mean "x"?` where a candidate is near, else `; known: "a", "b"`, or nothing without
// candidates.
std::string suggestion(std::string_view word, std::span<const std::string_view> candidates);

// `text` in double quotes, made printable and cut: for messages.
std::string in_quotes(std::string_view text);

}  // namespace sre
