#include "agent/knowledge/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "agent/base/text.h"

namespace sre {
namespace {

bool is_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_slug(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

void add_reasons(const ReasonChoice& choice, std::vector<std::string>& related) {
  for (const Reason reason : choice.all()) {
    if (reason != Reason::ok) related.emplace_back(to_string(reason));
  }
}

Explanation explain_code(const Knowledge& knowledge, const CodeEntry& entry,
                         std::string_view language) {
  const auto& texts = knowledge.code_texts(entry.code, language);
  Explanation explanation{fmt::format("{} {}", entry.code, entry.name),
                          texts.meaning,
                          texts.when,
                          texts.fix,
                          {},
                          {},
                          {}};
  for (const auto& enhanced : knowledge.enhanced_codes()) {
    const bool goes_with =
        std::any_of(enhanced.codes.begin(), enhanced.codes.end(), [&](const CodePattern& codes) {
          return codes.first == codes.last && codes.matches(entry.code);
        });
    if (goes_with) explanation.related.push_back(enhanced.shown());
  }
  add_reasons(entry.reasons, explanation.related);
  return explanation;
}

Result<Explanation> explain_code(const Knowledge& knowledge, std::string_view digits,
                                 std::string_view language) {
  const int code = digits.size() == 3 ? std::atoi(std::string(digits).c_str()) : 0;
  if (const auto* entry = knowledge.code(code)) return explain_code(knowledge, *entry, language);
  if (code < 200 || code > 599) {
    return failure(
        fmt::format("{} is no SMTP reply code; they run from 200 to 599", printable(digits, 40)));
  }
  const auto codes = knowledge.codes();
  const auto near =
      std::min_element(codes.begin(), codes.end(), [&](const CodeEntry& a, const CodeEntry& b) {
        return std::abs(a.code - code) < std::abs(b.code - code);
      });
  return failure(
      fmt::format("{} is not a known reply code; a client treats it as any other {}xx. "
                  "The nearest known one is {}",
                  code, code / 100, near->code));
}

Result<Explanation> explain_enhanced(const Knowledge& knowledge, EnhancedCode code,
                                     std::string_view shown, std::string_view language) {
  const auto* entry = knowledge.enhanced(code);
  if (entry == nullptr) {
    std::vector<std::string> names;
    for (const auto& one : knowledge.enhanced_codes()) {
      if (one.subject == code.subject) names.push_back(one.shown());
    }
    const std::vector<std::string_view> candidates(names.begin(), names.end());
    const auto near = nearest(fmt::format("X.{}.{}", code.subject, code.detail), candidates);
    return failure(
        fmt::format("{} is not a known enhanced status code{}", shown,
                    near.empty() ? "" : fmt::format("; the nearest known one is {}", near)));
  }
  Explanation explanation{fmt::format("{} {}", shown, entry->name),
                          knowledge.enhanced_text(code, language),
                          {},
                          {},
                          {},
                          {},
                          {}};
  for (const auto& codes : entry->codes) {
    if (codes.first == codes.last) explanation.related.push_back(std::to_string(codes.first));
  }
  const auto reason = entry->reasons.all().front();
  if (reason != Reason::ok) explanation.fix = knowledge.reason_texts(reason, language).fix;
  add_reasons(entry->reasons, explanation.related);
  return explanation;
}

Explanation explain_reason(const Knowledge& knowledge, Reason reason, std::string_view language) {
  const auto& texts = knowledge.reason_texts(reason, language);
  Explanation explanation{std::string(to_string(reason)), texts.meaning, {}, texts.fix, {}, {}, {}};
  const auto names_it = [&](const ReasonChoice& choice) {
    const auto all = choice.all();
    return std::find(all.begin(), all.end(), reason) != all.end();
  };
  for (const auto& entry : knowledge.codes()) {
    if (names_it(entry.reasons)) explanation.related.push_back(std::to_string(entry.code));
  }
  for (const auto& entry : knowledge.enhanced_codes()) {
    if (names_it(entry.reasons)) explanation.related.push_back(entry.shown());
  }
  return explanation;
}

Result<Explanation> explain_reply(const Knowledge& knowledge, std::string_view query,
                                  std::string_view language, std::optional<Phase> phase) {
  const auto reply = Reply::from_text(query);
  const auto [reason, rule_id] = knowledge.classify(phase, reply);
  if (reply.code == 0 && reason == Reason::protocol_violation) {
    return failure(
        fmt::format("\"{}\" is neither a reply code, nor an enhanced code, nor a reason, "
                    "nor a reply; try 535, 5.7.8, auth_required or a whole reply",
                    printable(query, 80)));
  }
  auto explanation = explain_reason(knowledge, reason, language);
  explanation.title = reply.code == 0
                          ? std::string(to_string(reason))
                          : fmt::format("{}: {}", describe_code(reply), to_string(reason));
  explanation.when = knowledge.code_texts(reply.code, language).when;
  explanation.related.clear();
  if (knowledge.code(reply.code) != nullptr) {
    explanation.related.push_back(std::to_string(reply.code));
  }
  if (reply.enhanced && knowledge.enhanced(*reply.enhanced) != nullptr) {
    explanation.related.push_back(to_string(*reply.enhanced));
  }
  explanation.related.emplace_back(to_string(reason));
  explanation.reason = reason;
  explanation.rule_id = rule_id;
  return explanation;
}

}  // namespace

Result<Explanation> explain(const Knowledge& knowledge, std::string_view query,
                            std::string_view language, std::optional<Phase> phase) {
  query = trim(query);
  if (query.empty()) return failure("nothing to explain; try 535, 5.7.8 or auth_required");
  if (is_digits(query)) return explain_code(knowledge, query, language);
  const bool any_class =
      query.size() > 1 && (query[0] == 'X' || query[0] == 'x') && query[1] == '.';
  const auto numbers = any_class ? "5" + std::string(query.substr(1)) : std::string(query);
  if (const auto enhanced = parse_enhanced_code(numbers)) {
    return explain_enhanced(knowledge, *enhanced, any_class ? to_upper(query) : std::string(query),
                            language);
  }
  if (const auto reason = parse_reason(query)) return explain_reason(knowledge, *reason, language);
  if (is_slug(query)) {
    std::vector<std::string_view> slugs;
    for (const auto& entry : knowledge.reasons()) slugs.push_back(to_string(entry.reason));
    const auto near = nearest(query, slugs);
    return failure(fmt::format("there is no reason \"{}\"{}", printable(query, 80),
                               near.empty() ? "; the command `reasons` lists them all"
                                            : fmt::format("; did you mean {}?", near)));
  }
  return explain_reply(knowledge, query, language, phase);
}

}  // namespace sre
