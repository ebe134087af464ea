#include "agent/demo/script_parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "agent/base/duration.h"
#include "agent/base/text.h"
#include "agent/demo/script_steps.h"

namespace sre {
namespace {

constexpr std::array<std::pair<std::string_view, CertificateKind>, 6> kCertificates = {{
    {"valid", CertificateKind::valid},
    {"expired", CertificateKind::expired},
    {"expiring", CertificateKind::expiring},
    {"other-name", CertificateKind::other_name},
    {"self-signed", CertificateKind::self_signed},
    {"untrusted", CertificateKind::untrusted},
}};

// The text up to `separator`, which is taken off the front of `rest` with it.
std::string_view take_until(std::string_view& rest, std::string_view separator) {
  const auto at = rest.find(separator);
  const auto part = rest.substr(0, at);
  rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + separator.size());
  return trim(part);
}

// Reads a script line by line. Lives for one call of parse_script().
class Reader {
 public:
  Result<Script> read(std::string_view text, int first_line);

 private:
  using Outcome = Result<void>;

  Outcome line(std::string_view line);
  Outcome tls(std::string_view settings);
  Outcome user(std::string_view words);
  Outcome during(std::string_view head);
  Outcome after(std::string_view head);
  Outcome rule(std::string_view head, std::string_view inline_steps);
  Outcome condition(std::string_view text, ScriptRule& rule);
  Outcome step(std::string_view text);

  Script script_;
  std::vector<ScriptRule> windowed_;  // come before all others in the end
  std::optional<ScriptWindow> window_;
  ScriptRule* open_ = nullptr;  // takes the steps of indented lines
};

Result<Script> Reader::read(std::string_view text, int first_line) {
  for (int number = first_line; !text.empty(); ++number) {
    const auto end = text.find('\n');
    const auto content = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (auto read = line(content); !read) {
      return failure(fmt::format("{}: {}", number, read.error().message));
    }
  }
  script_.rules.insert(script_.rules.begin(), std::make_move_iterator(windowed_.begin()),
                       std::make_move_iterator(windowed_.end()));
  return std::move(script_);
}

Reader::Outcome Reader::line(std::string_view line) {
  const auto content = trim(line);
  if (content.empty() || content.starts_with('#')) return {};
  const bool indented = line.front() == ' ' || line.front() == '\t';
  auto rest = content;
  const auto word = rest.substr(0, rest.find_first_of(" :"));
  rest.remove_prefix(word.size());
  const bool heading = word == "tls" || word == "user" || word == "during" || word == "after" ||
                       word == "banner" || word == "on";
  if (!heading) {
    if (indented && open_) return step(content);
    return failure(
        fmt::format("\"{}\" begins no line of a script; write tls, user, banner:, on COMMAND:, "
                    "during or after, or "
                    "indent a step below one of them",
                    printable(content, 60)));
  }
  open_ = nullptr;
  if (!indented) window_.reset();
  if (word == "tls") return tls(trim(rest));
  if (word == "user") return user(trim(rest));
  const auto colon = rest.find(':');
  if (colon == std::string_view::npos) {
    return failure(fmt::format("\"{}\" lacks its colon", printable(content, 60)));
  }
  const auto head = trim(rest.substr(0, colon));
  if (word == "during") return during(head);
  if (word == "after") return after(head);
  const auto steps = trim(rest.substr(colon + 1));
  return word == "banner" ? rule(fmt::format("BANNER {}", head), steps) : rule(head, steps);
}

Reader::Outcome Reader::tls(std::string_view settings) {
  ScriptTls tls;
  while (!settings.empty()) {
    auto value = take_until(settings, " ");
    const auto key = value.find('=') == std::string_view::npos ? value : take_until(value, "=");
    if (key == "implicit") {
      tls.implicit = true;
    } else if (key == "certificate") {
      const auto* const found =
          std::find_if(kCertificates.begin(), kCertificates.end(),
                       [&](const auto& entry) { return entry.first == value; });
      if (found == kCertificates.end()) {
        return failure(fmt::format(
            "certificate \"{}\" is unknown; write valid, expired, expiring, other-name, "
            "self-signed or untrusted",
            printable(value, 60)));
      }
      tls.certificate = found->second;
    } else if (key == "version" &&
               (value == "1.0" || value == "1.1" || value == "1.2" || value == "1.3")) {
      tls.version = std::string(value);
    } else {
      return failure(fmt::format(
          "tls setting \"{}\" is unknown; write implicit, certificate=KIND or version=1.0 to 1.3",
          printable(key, 60)));
    }
  }
  script_.tls = std::move(tls);
  return {};
}

Reader::Outcome Reader::user(std::string_view words) {
  const auto name = take_until(words, " ");
  const auto keyword = take_until(words, " ");
  if (name.empty() || keyword != "password" || words.empty()) {
    return failure("write user NAME password PASSWORD, or user * password * for anybody");
  }
  script_.user.emplace(ScriptUser{std::string(name), Secret(std::string(words))});
  return {};
}

Reader::Outcome Reader::during(std::string_view head) {
  auto rest = head;
  const auto from = parse_duration(take_until(rest, ".."));
  const auto to = parse_duration(take_until(rest, " of "));
  const auto period = rest.empty() ? Duration::zero() : parse_duration(rest);
  if (!from || !to || !period || *from >= *to || (*period > Duration::zero() && *to > *period)) {
    return failure(fmt::format("\"{}\" is no stretch of time; write 60s..120s or 60s..120s of 3m",
                               printable(head, 60)));
  }
  window_ = ScriptWindow{*from, *to, *period};
  return {};
}

Reader::Outcome Reader::after(std::string_view head) {
  const auto from = parse_duration(head);
  if (!from) {
    return failure(fmt::format("\"{}\" is no time; write after 90s:", printable(head, 60)));
  }
  window_ = ScriptWindow{*from, Duration::max(), Duration::zero()};
  return {};
}

Reader::Outcome Reader::rule(std::string_view head, std::string_view inline_steps) {
  ScriptRule rule;
  auto conditions = head;
  auto commands = take_until(conditions, "(");
  if (!conditions.empty()) {
    if (!conditions.ends_with(')')) return failure("the conditions lack their closing bracket");
    conditions.remove_suffix(1);
  }
  auto verbs = take_until(commands, " ");
  rule.argument = std::string(commands);
  if (rule.argument.starts_with('<') && rule.argument.ends_with('>')) {
    rule.argument = rule.argument.substr(1, rule.argument.size() - 2);
  }
  while (!verbs.empty()) rule.commands.push_back(to_upper(take_until(verbs, "|")));
  if (rule.commands.empty()) return failure("write which command: on EHLO: ...");
  while (!conditions.empty()) {
    if (auto read = condition(take_until(conditions, ","), rule); !read) return read;
  }
  rule.window = window_;
  auto& rules = window_ ? windowed_ : script_.rules;
  rules.push_back(std::move(rule));
  open_ = &rules.back();
  while (!inline_steps.empty()) {
    if (auto read = step(take_until(inline_steps, " / ")); !read) return read;
  }
  return {};
}

Reader::Outcome Reader::condition(std::string_view text, ScriptRule& rule) {
  if (text == "tls" || text == "clear") {
    rule.tls = text == "tls";
    return {};
  }
  if (text == "after login" || text == "before login") {
    rule.logged_in = text == "after login";
    return {};
  }
  auto rest = text;
  const bool first = take_until(rest, " ") == "first";
  const auto number = take_until(rest, " ");
  const auto [end, error] =
      std::from_chars(number.data(), number.data() + number.size(), rule.first_times);
  const bool whole = error == std::errc{} && end == number.data() + number.size();
  if (!first || !whole || rule.first_times < 1 || (rest != "times" && rest != "time")) {
    return failure(fmt::format(
        "condition \"{}\" is unknown; write clear, tls, before login, after login or first N times",
        printable(text, 60)));
  }
  return {};
}

Reader::Outcome Reader::step(std::string_view text) {
  auto parsed = parse_script_step(text);
  if (!parsed) return tl::unexpected(std::move(parsed.error()));
  open_->steps.push_back(std::move(*parsed));
  return {};
}

}  // namespace

Result<Script> parse_script(std::string_view text, int first_line) {
  return Reader().read(text, first_line);
}

}  // namespace sre
