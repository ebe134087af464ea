#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/config/config.h"

namespace sre {

// Collects what is wrong with a file, so that all of it is told at once. Main thread only.
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
