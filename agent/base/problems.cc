#include "agent/base/problems.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "agent/base/text.h"

namespace sre {

std::string to_string(const ConfigError& error) {
  if (error.place == Place{}) return fmt::format("{}: {}", error.file, error.message);
  return fmt::format("{}:{}:{}: {}", error.file, error.place.line, error.place.column,
                     error.message);
}

std::string to_string(std::span<const ConfigError> errors) {
  std::string lines;
  for (const auto& error : errors) lines += (lines.empty() ? "" : "\n") + to_string(error);
  return lines;
}

void Problems::add(Place place, std::string message) {
  errors_.push_back({file_, place, std::move(message)});
}

std::vector<ConfigError> Problems::sorted() const {
  auto errors = errors_;
  const auto by_place = [](const ConfigError& e) { return std::tie(e.place, e.message); };
  std::sort(errors.begin(), errors.end(),
            [&](const auto& a, const auto& b) { return by_place(a) < by_place(b); });
  const auto same = std::unique(errors.begin(), errors.end(), [&](const auto& a, const auto& b) {
    return by_place(a) == by_place(b);
  });
  errors.erase(same, errors.end());
  return errors;
}

std::string suggestion(std::string_view word, std::span<const std::string_view> candidates) {
  if (const auto near = nearest(word, candidates); !near.empty()) {
    return fmt::format("; did you mean {}?", in_quotes(near));
  }
  std::string known;
  for (const auto candidate : candidates) {
    known += (known.empty() ? "; known: " : ", ") + in_quotes(candidate);
  }
  return known;
}

std::string in_quotes(std::string_view text) { return fmt::format("\"{}\"", printable(text, 100)); }

}  // namespace sre
