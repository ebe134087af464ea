#include <utility>

#include "agent/knowledge/evidence.h"
#include "agent/knowledge/knowledge.h"
#include "agent/knowledge/rule_set.h"

namespace sre {

// One reply as it is put to the rules and tables.
struct Knowledge::Question {
  std::optional<Phase> phase;
  int code;
  std::optional<EnhancedCode> enhanced;
  std::string_view text;
  std::string_view banner;

  int status_class() const {
    if (code != 0) return code / 100;
    return enhanced ? enhanced->status_class : 0;
  }
};

Classification Knowledge::classify(std::optional<Phase> phase, const Reply& reply,
                                   std::string_view banner) const {
  if (reply.code != 0 && (reply.code < 200 || reply.code > 599)) {
    return {Reason::protocol_violation, "no-reply-code"};
  }
  if (reply.positive()) return positive(phase, reply.code);
  const auto text = matching_text(reply);
  const Question question{likely_phase(phase, reply.code), reply.code, reply.enhanced, text,
                          banner.substr(0, kReadBytes)};
  // The outer reply says that something went wrong with another server, the quoted one says what.
  if (const auto quoted = find_quoted_reply(text)) {
    Question inner{likely_phase(std::nullopt, quoted->code), quoted->code, quoted->enhanced,
                   quoted->text, question.banner};
    if (!inner.phase) inner.phase = question.phase;
    if (const auto found = by_text_or_enhanced_code(inner)) return *found;
  }
  if (const auto found = by_text_or_enhanced_code(question)) return *found;
  return by_code(question);
}

std::optional<Classification> Knowledge::by_text_or_enhanced_code(const Question& question) const {
  const auto found = rules_->find(
      {question.phase, question.code, question.enhanced, question.text, question.banner});
  if (found.rule != nullptr) return Classification{found.rule->reason, found.rule->id};
  const auto* entry = question.enhanced ? enhanced(*question.enhanced) : nullptr;
  if ((entry == nullptr || entry->vague) && found.vague_rule != nullptr) {
    return Classification{found.vague_rule->reason, found.vague_rule->id};
  }
  if (entry == nullptr) return std::nullopt;
  const auto reason = entry->reasons.choose(question.phase, question.code,
                                            static_cast<int>(question.enhanced->status_class));
  // "Destination address valid" in a refusal says nothing.
  if (reason == Reason::ok) return std::nullopt;
  return Classification{reason, entry->rule_id};
}

Classification Knowledge::by_code(const Question& question) const {
  if (const auto* entry = code(question.code)) {
    return {entry->reasons.choose(question.phase, question.code, question.code / 100),
            entry->rule_id};
  }
  switch (question.status_class()) {
    case 2:
      return {Reason::ok, "positive"};
    case 4:
      return {Reason::transient_failure, "class-4"};
    case 5:
      return {Reason::permanent_failure, "class-5"};
    default:
      return {Reason::protocol_violation, "no-reply-code"};
  }
}

Classification Knowledge::positive(std::optional<Phase> phase, int code) const {
  const auto* entry = this->code(code);
  const bool legitimate = !phase || (entry != nullptr && entry->phases.contains(phase));
  if (legitimate) return {Reason::ok, "positive"};
  return {Reason::unexpected_reply, "positive-elsewhere"};
}

}  // namespace sre
