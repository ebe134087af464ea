#include "agent/knowledge/pattern.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "agent/base/text.h"
#include "agent/knowledge/table.h"

namespace sre {
namespace {

constexpr std::uint16_t kHighestDetail = 999;

// A number written with digits only, at most `limit`.
std::optional<int> number(std::string_view text, int limit) {
  int value = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool good = error == std::errc{} && end == text.data() + text.size();
  return good && value >= 0 && value <= limit ? std::optional(value) : std::nullopt;
}

std::optional<int> reply_code(std::string_view text) {
  const auto code = number(text, 599);
  return code && *code >= 200 ? code : std::nullopt;
}

tl::unexpected<Error> no_reason(std::string_view slug) {
  std::vector<std::string_view> slugs;
  for (std::size_t i = 0; i < kReasonCount; ++i) {
    slugs.push_back(to_string(static_cast<Reason>(i)));
  }
  const auto near = nearest(slug, slugs);
  return failure(
      fmt::format("there is no reason \"{}\"{}", printable(slug),
                  near.empty() ? "; see reasons.tsv" : fmt::format("; did you mean {}?", near)));
}

}  // namespace

Result<CodePattern> parse_code_pattern(std::string_view text) {
  if (text.size() == 3 && text.ends_with("xx")) {
    if (const auto first = number(text.substr(0, 1), 5); first && *first >= 2) {
      return CodePattern{*first * 100, *first * 100 + 99};
    }
  }
  const auto dash = std::min(text.find('-'), text.size());
  const auto first = reply_code(text.substr(0, dash));
  const auto last = dash == text.size() ? first : reply_code(text.substr(dash + 1));
  if (first && last && *first <= *last) return CodePattern{*first, *last};
  return failure(fmt::format("\"{}\" is no reply code; write 535, 5xx or 550-559 (200 to 599)",
                             printable(text)));
}

bool EnhancedPattern::matches(EnhancedCode code) const {
  return (status_class == 0 || status_class == code.status_class) && subject == code.subject &&
         first_detail <= code.detail && code.detail <= last_detail;
}

Result<EnhancedPattern> parse_enhanced_pattern(std::string_view text) {
  const auto wrong = failure(fmt::format(
      "\"{}\" is no enhanced code; write 5.7.8, X.7.8, 5.7.* or X.7.606-649", printable(text)));
  const auto parts = split(text, '.');
  if (parts.size() != 3) return wrong;
  const bool any_class = parts[0] == "X";
  const auto status_class = any_class ? std::optional(0) : number(parts[0], 5);
  const auto subject = number(parts[1], kHighestDetail);
  const bool any_detail = parts[2] == "*";
  const auto dash = std::min(parts[2].find('-'), parts[2].size());
  const auto first = any_detail ? std::optional(0) : number(parts[2].substr(0, dash), 999);
  const auto last = any_detail                ? std::optional<int>(kHighestDetail)
                    : dash == parts[2].size() ? first
                                              : number(parts[2].substr(dash + 1), 999);
  if (!status_class || !subject || !first || !last || *first > *last) return wrong;
  if (!any_class && (*status_class < 2 || *status_class == 3)) return wrong;
  return EnhancedPattern{static_cast<std::uint16_t>(*status_class),
                         static_cast<std::uint16_t>(*subject), static_cast<std::uint16_t>(*first),
                         static_cast<std::uint16_t>(*last)};
}

Result<PhaseSet> parse_phases(std::string_view text) {
  PhaseSet phases;
  for (const auto name : split(text, ',')) {
    const auto phase = parse_phase(name);
    if (!phase && name != "unknown") {
      return failure(fmt::format(
          "there is no phase \"{}\"; the phases of a reply are banner, ehlo, starttls, auth, mail, "
          "rcpt, data, message, quit, and unknown",
          printable(name)));
    }
    phases.add(phase);
  }
  return phases;
}

Result<ReasonChoice> ReasonChoice::parse(std::string_view text) {
  ReasonChoice choice;
  bool complete = false;
  for (const auto word : split(text, ' ')) {
    if (complete) {
      return failure("the reason without condition must come last, and only once");
    }
    const auto equals = word.find('=');
    const auto slug = equals == std::string_view::npos ? word : word.substr(equals + 1);
    const auto reason = parse_reason(slug);
    if (!reason) return no_reason(slug);
    if (equals == std::string_view::npos) {
      choice.otherwise_ = *reason;
      complete = true;
      continue;
    }
    const auto when = word.substr(0, equals);
    const auto phase = parse_phase(when);
    const auto code = when.size() == 1 ? number(when, 5) : reply_code(when);
    if (!phase && !code) {
      return failure(
          fmt::format("\"{}=\" is no condition; write a phase, a code or a class: "
                      "auth=..., 530=..., 4=...",
                      printable(when)));
    }
    choice.conditions_.push_back({phase, code.value_or(0), *reason});
  }
  if (!complete) return failure("the reason without condition is missing at the end");
  return choice;
}

Reason ReasonChoice::choose(std::optional<Phase> phase, int code, int status_class) const {
  for (const auto& condition : conditions_) {
    const bool applies = condition.phase         ? condition.phase == phase
                         : condition.number < 10 ? condition.number == status_class
                                                 : condition.number == code;
    if (applies) return condition.reason;
  }
  return otherwise_;
}

std::vector<Reason> ReasonChoice::all() const {
  std::vector<Reason> reasons = {otherwise_};
  for (const auto& condition : conditions_) {
    if (std::find(reasons.begin(), reasons.end(), condition.reason) == reasons.end()) {
      reasons.push_back(condition.reason);
    }
  }
  return reasons;
}

}  // namespace sre
