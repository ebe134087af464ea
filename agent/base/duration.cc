#include "agent/base/duration.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace sre {
namespace {

using std::chrono::milliseconds;

struct Unit {
  std::string_view suffix;
  milliseconds size;
};

// Largest first; "ms" is told from "m" by the digit or end that must follow a unit.
constexpr std::array<Unit, 5> kUnits = {{{"d", milliseconds{86'400'000}},
                                         {"h", milliseconds{3'600'000}},
                                         {"m", milliseconds{60'000}},
                                         {"s", milliseconds{1'000}},
                                         {"ms", milliseconds{1}}}};
constexpr milliseconds kLongest{86'400'000LL * 3660};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The unit's place in kUnits that `text` starts with, or kUnits.size().
std::size_t unit_at(std::string_view text) {
  for (std::size_t i = 0; i < kUnits.size(); ++i) {
    const auto suffix = kUnits[i].suffix;
    const bool ends = text.size() == suffix.size() ||
                      (text.size() > suffix.size() && is_digit(text[suffix.size()]));
    if (text.starts_with(suffix) && ends) return i;
  }
  return kUnits.size();
}

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  milliseconds total{0};
  std::size_t next_unit = 0;
  while (!text.empty()) {
    long long count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{} || count < 0) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const auto unit = unit_at(text);
    if (unit == kUnits.size() || unit < next_unit) return std::nullopt;
    if (count > kLongest / kUnits[unit].size) return std::nullopt;
    total += kUnits[unit].size * count;
    text.remove_prefix(kUnits[unit].suffix.size());
    next_unit = unit + 1;
  }
  if (total > kLongest) return std::nullopt;
  return total;
}

std::string format_duration(Duration d) {
  auto rest = std::chrono::duration_cast<milliseconds>(d);
  if (rest < milliseconds{1}) return "0s";
  std::string text;
  for (const auto& unit : kUnits) {
    const auto count = rest / unit.size;
    if (count > 0) text += fmt::format("{}{}", count, unit.suffix);
    rest %= unit.size;
  }
  return text;
}

}  // namespace sre
