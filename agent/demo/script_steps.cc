#include "agent/demo/script_steps.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "agent/base/duration.h"
#include "agent/base/text.h"

namespace sre {
namespace {

using Kind = ScriptStep::Kind;

constexpr std::array<std::pair<std::string_view, Kind>, 4> kPlainSteps = {{
    {"hang", Kind::hang},
    {"close", Kind::close},
    {"reset", Kind::reset},
    {"handshake", Kind::handshake},
}};

// Takes one escape, behind its backslash, off the front of `rest`.
std::optional<char> take_escape(std::string_view& rest) {
  static constexpr std::array<std::pair<char, char>, 6> kSimple = {
      {{'r', '\r'}, {'n', '\n'}, {'t', '\t'}, {'0', '\0'}, {'\\', '\\'}, {'"', '"'}}};
  if (rest.empty()) return std::nullopt;
  for (const auto& [name, value] : kSimple) {
    if (rest.front() != name) continue;
    rest.remove_prefix(1);
    return value;
  }
  if (rest.front() != 'x' || rest.size() < 3) return std::nullopt;
  unsigned value = 0;
  const auto [end, error] = std::from_chars(rest.data() + 1, rest.data() + 3, value, 16);
  if (error != std::errc{} || end != rest.data() + 3) return std::nullopt;
  rest.remove_prefix(3);
  return static_cast<char>(static_cast<unsigned char>(value));
}

tl::unexpected<Error> bad_step(std::string_view text) {
  return failure(
      fmt::format("\"{}\" is no step; write a reply line (250 Ok), bytes \"...\", repeat N \"...\" "
                  "[every TIME], "
                  "delay TIME, hang, close, reset or handshake",
                  printable(text, 60)));
}

Result<ScriptStep> parse_repeat(std::string_view text, std::string_view rest) {
  ScriptStep step{Kind::repeat, {}, 0, {}};
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), step.times);
  if (error != std::errc{}) return bad_step(text);
  rest = trim(rest.substr(static_cast<std::size_t>(end - rest.data())));
  auto bytes = take_quoted(rest);
  if (!bytes) return bad_step(text);
  step.text = std::move(*bytes);
  rest = trim(rest);
  if (rest.empty()) return step;
  if (!rest.starts_with("every ")) return bad_step(text);
  const auto pause = parse_duration(trim(rest.substr(6)));
  if (!pause) return bad_step(text);
  step.time = *pause;
  return step;
}

}  // namespace

std::optional<std::string> take_quoted(std::string_view& rest) {
  auto ahead = rest;
  if (!ahead.starts_with('"')) return std::nullopt;
  ahead.remove_prefix(1);
  std::string text;
  while (!ahead.empty()) {
    const char c = ahead.front();
    ahead.remove_prefix(1);
    if (c == '"') {
      rest = ahead;
      return text;
    }
    if (c != '\\') {
      text.push_back(c);
    } else if (const auto escaped = take_escape(ahead)) {
      text.push_back(*escaped);
    } else {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

Result<ScriptStep> parse_script_step(std::string_view text) {
  text = trim(text);
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 3 && (text.size() == 3 || text[3] == ' ' || text[3] == '-')) {
    return ScriptStep{Kind::reply, std::string(text), 1, {}};
  }
  for (const auto& [name, kind] : kPlainSteps) {
    if (text == name) return ScriptStep{kind, {}, 1, {}};
  }
  auto rest = text;
  const auto word = rest.substr(0, rest.find(' '));
  rest = trim(rest.substr(word.size()));
  if (word == "delay") {
    const auto time = parse_duration(rest);
    return time ? Result<ScriptStep>(ScriptStep{Kind::delay, {}, 1, *time}) : bad_step(text);
  }
  if (word == "repeat") return parse_repeat(text, rest);
  if (word == "bytes") {
    auto bytes = take_quoted(rest);
    if (bytes && rest.empty()) return ScriptStep{Kind::bytes, std::move(*bytes), 1, {}};
  }
  return bad_step(text);
}

}  // namespace sre
