#include "agent/check/expectation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "agent/base/text.h"

namespace sre {
namespace {

std::optional<int> parse_number(std::string_view text, std::size_t longest) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  if (!whole || value < 0 || text.size() > longest) return std::nullopt;
  return value;
}

// "5.7.*" as three numbers, nothing for '*'.
std::optional<std::vector<std::optional<int>>> parse_enhanced_pattern(std::string_view text) {
  std::vector<std::optional<int>> parts;
  while (true) {
    const auto dot = text.find('.');
    const auto part = text.substr(0, dot);
    const auto number = parse_number(part, 3);
    if (!number && part != "*") return std::nullopt;
    parts.push_back(number);
    if (dot == std::string_view::npos) break;
    text.remove_prefix(dot + 1);
  }
  if (parts.size() != 3) return std::nullopt;
  return parts;
}

tl::unexpected<Error> bad_pattern(std::string_view text) {
  return failure(fmt::format(
      "\"{}\" is no reply pattern; write codes or classes with | between them, each with an "
      "optional enhanced code: \"250\", \"530|5xx\", \"535 5.7.*\"",
      printable(text, 100)));
}

ReplyPattern known_good(std::string_view text) { return *ReplyPattern::parse(text); }

bool may_log_in(Kind kind, const Target& target) {
  switch (traits(kind).login) {
    case Login::never:
      return false;
    case Login::if_configured:
      return target.credentials != nullptr;
    case Login::invented:
    case Login::required:
      return true;
  }
  return false;
}

}  // namespace

Result<ReplyPattern> ReplyPattern::parse(std::string_view text) {
  ReplyPattern pattern;
  pattern.text_ = std::string(trim(text));
  std::string_view rest = text;
  while (true) {
    const auto bar = rest.find('|');
    auto alternative = parse_alternative(trim(rest.substr(0, bar)));
    if (!alternative) return bad_pattern(text);
    pattern.alternatives_.push_back(std::move(*alternative));
    if (bar == std::string_view::npos) return pattern;
    rest.remove_prefix(bar + 1);
  }
}

Result<ReplyPattern::Alternative> ReplyPattern::parse_alternative(std::string_view text) {
  const auto space = text.find(' ');
  const auto code = text.substr(0, space);
  Alternative alternative{};
  if (code.size() == 3 && code[0] >= '2' && code[0] <= '5' && to_lower(code.substr(1)) == "xx") {
    alternative.low = (code[0] - '0') * 100;
    alternative.high = alternative.low + 99;
  } else if (const auto number = parse_number(code, 3); number && *number >= 200 && *number < 600) {
    alternative.low = *number;
    alternative.high = *number;
  } else {
    return bad_pattern(text);
  }
  if (space != std::string_view::npos) {
    alternative.enhanced = parse_enhanced_pattern(trim(text.substr(space)));
    if (!alternative.enhanced) return bad_pattern(text);
  }
  return alternative;
}

bool ReplyPattern::matches(const Alternative& alternative, const Reply& reply) {
  if (reply.code < alternative.low || reply.code > alternative.high) return false;
  if (!alternative.enhanced) return true;
  if (!reply.enhanced) return false;
  const std::array<int, 3> got = {reply.enhanced->status_class, reply.enhanced->subject,
                                  reply.enhanced->detail};
  return std::equal(
      got.begin(), got.end(), alternative.enhanced->begin(),
      [](int number, std::optional<int> wanted) { return !wanted || *wanted == number; });
}

bool ReplyPattern::matches(const Reply& reply) const {
  return std::any_of(alternatives_.begin(), alternatives_.end(),
                     [&](const Alternative& a) { return matches(a, reply); });
}

int ReplyPattern::first_code() const { return alternatives_.front().low; }

Expectations default_expectations(Kind kind, const Target& target, Phase until) {
  const auto& kind_traits = traits(kind);
  Expectations expected;
  const auto add = [&](Phase phase, std::string_view accepted, std::string_view refused) {
    if (phase > until) return;
    const bool wants_refusal = kind_traits.wants_refusal && phase >= kind_traits.refusal_from;
    expected.emplace(phase, known_good(wants_refusal ? refused : accepted));
  };
  const bool upgrades = target.tls == TlsMode::starttls || target.tls == TlsMode::opportunistic;
  add(Phase::banner, "220", {});
  add(Phase::ehlo, "250", {});
  if (upgrades) add(Phase::starttls, "220", {});
  if (may_log_in(kind, target)) add(Phase::auth, "235", "535|5xx");
  const auto* refusal = kind == Kind::login_required ? "530|5xx" : "550|5xx";
  add(Phase::mail, "250", refusal);
  add(Phase::rcpt, "250|251", refusal);
  add(Phase::data, "354", {});
  add(Phase::message, "250", {});
  return expected;
}

}  // namespace sre
