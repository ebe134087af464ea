#include "agent/knowledge/explain.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "agent/base/text.h"
#include "agent/smtp/reply_parser.h"

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

std::vector<std::string> names(const ReasonChoice& choice) {
  std::vector<std::string> names;
  for (const Reason reason : choice.all()) {
    if (reason != Reason::ok) names.emplace_back(to_string(reason));
  }
  return names;
}

// The basic codes that the registry names with an enhanced code one by one; a range says little.
std::vector<std::string> names(const std::vector<CodePattern>& codes) {
  std::vector<std::string> names;
  for (const auto& pattern : codes) {
    if (pattern.first == pattern.last) names.push_back(std::to_string(pattern.first));
  }
  return names;
}

template <class T>
bool contains(const std::vector<T>& all, const T& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

Explanation explain_code(const Knowledge& knowledge, const CodeEntry& entry,
                         std::string_view language) {
  const auto& texts = knowledge.code_texts(entry.code, language);
  Explanation told;
  told.key = std::to_string(entry.code);
  told.name = texts.name;
  told.meaning = texts.meaning;
  told.when = texts.when;
  told.fix = texts.fix;
  told.expect = texts.expect.empty()
                    ? knowledge.word(fmt::format("expect_{}", entry.code / 100), language)
                    : texts.expect;
  told.facts = facts(knowledge, entry, language);
  told.reading = references(knowledge, entry.defined_in, language);
  for (const auto& enhanced : knowledge.enhanced_codes()) {
    if (contains(names(enhanced.codes), told.key)) told.enhanced_codes.push_back(enhanced.shown());
  }
  told.reasons = names(entry.reasons);
  for (const auto& pair : knowledge.pairs()) {
    if (pair.first == entry.code || pair.second == entry.code) told.pairs.push_back(pair);
  }
  return told;
}

// "4xx" or "4yz", as RFC 5321 section 4.2.1 writes it: 4.
std::optional<int> class_of(std::string_view query) {
  if (query.size() != 3 || query[0] < '2' || query[0] > '5') return std::nullopt;
  const auto rest = to_lower(query.substr(1));
  if (rest != "xx" && rest != "yz") return std::nullopt;
  return query[0] - '0';
}

Explanation explain_class(const Knowledge& knowledge, int status_class, std::string_view language) {
  const auto digit = std::to_string(status_class);
  const auto word = [&](std::string_view prefix) {
    return knowledge.word(fmt::format("{}_{}", prefix, digit), language);
  };
  Explanation told;
  told.key = digit + "xx";
  told.name = word("class_short");
  told.meaning = filled_in(knowledge, "class_meaning", language,
                           {{"digit", digit}, {"class", word("class")}, {"key", told.key}});
  told.expect = word("expect");
  told.facts = class_facts(knowledge, status_class, language);
  told.reading = references(knowledge, {"RFC 5321 4.2.1"}, language);
  for (const auto& entry : knowledge.codes()) {
    if (entry.code / 100 == status_class) told.codes.push_back(std::to_string(entry.code));
  }
  return told;
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
  const auto& texts = knowledge.enhanced_texts(code, language);
  Explanation told;
  told.key = shown;
  told.name = texts.name;
  told.meaning = texts.meaning;
  const auto reason = entry->reasons.all().front();
  if (reason != Reason::ok) told.fix = knowledge.reason_texts(reason, language).fix;
  told.reading = references(knowledge, entry->defined_in, language);
  told.facts = {
      {"defined_in", std::string(knowledge.word("defined_in", language)), joined(told.reading)}};
  told.codes = names(entry->codes);
  told.reasons = names(entry->reasons);
  return told;
}

Explanation explain_reason(const Knowledge& knowledge, Reason reason, std::string_view language) {
  const auto& texts = knowledge.reason_texts(reason, language);
  const std::string slug(to_string(reason));
  Explanation told;
  told.key = slug;
  told.name = texts.name;
  told.meaning = texts.meaning;
  told.fix = texts.fix;
  told.facts = facts(knowledge, knowledge.reason(reason), language);
  for (const auto& entry : knowledge.codes()) {
    if (contains(names(entry.reasons), slug)) told.codes.push_back(std::to_string(entry.code));
  }
  for (const auto& entry : knowledge.enhanced_codes()) {
    if (contains(names(entry.reasons), slug)) told.enhanced_codes.push_back(entry.shown());
  }
  return told;
}

// The codes of the lines that have one, each once.
std::vector<int> codes_in(std::string_view lines) {
  std::vector<int> codes;
  while (!lines.empty()) {
    const auto end = lines.find('\n');
    const auto line = parse_reply_line(trim(lines.substr(0, end)));
    if (line && !contains(codes, line->code)) codes.push_back(line->code);
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
  }
  return codes;
}

Result<Explanation> explain_reply(const Knowledge& knowledge, std::string_view query,
                                  std::string_view language, std::optional<Phase> phase) {
  if (const auto codes = codes_in(query); codes.size() > 1) {
    return failure(
        fmt::format("these lines are no one reply, as they have the codes {}; explain each reply "
                    "by itself",
                    fmt::join(codes, ", ")));
  }
  const auto reply = Reply::from_text(query);
  const auto [reason, rule_id] = knowledge.classify(phase, reply);
  if (reply.code == 0 && reason == Reason::protocol_violation) {
    return failure(
        fmt::format("\"{}\" is neither a reply code, nor an enhanced code, nor a reason, "
                    "nor a reply; try 535, 5.7.8, auth_required or a whole reply",
                    printable(query, 80)));
  }
  auto told = explain_reason(knowledge, reason, language);
  told.reasons = {std::exchange(
      told.key, reply.code == 0 ? std::string(to_string(reason)) : describe_code(reply))};
  told.when = knowledge.code_texts(reply.code, language).when;
  told.codes.clear();
  if (knowledge.code(reply.code) != nullptr) told.codes.push_back(std::to_string(reply.code));
  told.enhanced_codes.clear();
  if (reply.enhanced && knowledge.enhanced(*reply.enhanced) != nullptr) {
    told.enhanced_codes.push_back(to_string(*reply.enhanced));
  }
  told.reason = reason;
  told.rule_id = rule_id;
  return told;
}

}  // namespace

Result<const CodeEntry*> find_code(const Knowledge& knowledge, std::string_view digits) {
  const bool number = is_digits(digits) && digits.size() == 3;
  const int code = number ? std::atoi(std::string(digits).c_str()) : 0;
  if (const auto* entry = knowledge.code(code)) return entry;
  if (code < 200 || code > 599) {
    return failure(fmt::format("{} is no SMTP reply code; they run from 200 to 599",
                               digits.empty() ? "an empty text" : printable(digits, 40)));
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

Result<Explanation> explain(const Knowledge& knowledge, std::string_view query,
                            std::string_view language, std::optional<Phase> phase) {
  query = trim(query);
  if (query.empty()) return failure("nothing to explain; try 535, 5.7.8 or auth_required");
  if (is_digits(query)) {
    return find_code(knowledge, query).map([&](const CodeEntry* entry) {
      return explain_code(knowledge, *entry, language);
    });
  }
  if (const auto status_class = class_of(query)) {
    return explain_class(knowledge, *status_class, language);
  }
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
                               near.empty()
                                   ? "; the command reasons, or the page /reasons, lists them all"
                                   : fmt::format("; did you mean {}?", near)));
  }
  return explain_reply(knowledge, query, language, phase);
}

}  // namespace sre
