#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/base/result.h"
#include "agent/knowledge/entries.h"
#include "agent/knowledge/knowledge_data.h"
#include "agent/knowledge/texts.h"
#include "agent/smtp/phase.h"
#include "agent/smtp/reason.h"
#include "agent/smtp/reply.h"

namespace sre {

class RuleSet;

// What a reply means, and who says so: the id of a rule, or "code-535", "enhanced-X.7.8",
// "class-5", "positive" and the like where no rule had to be asked. The id lives as long as the
// knowledge base.
struct Classification {
  Reason reason;
  std::string_view rule_id;
};

// All that is known about replies: codes, enhanced codes, reasons, rules, and the texts in every
// language. Built from config/knowledge/, which is compiled in. Immutable.
class Knowledge {
 public:
  // The knowledge base that is compiled in.
  static const std::shared_ptr<const Knowledge>& built_in();
  // The same with the files of `folder` in the place of those with the same name; new files below
  // rules/ and new languages are added. An empty name stands for no folder. The Error holds every
  // problem, one a line, each as "file:line: what is wrong and what would be right".
  static Result<std::shared_ptr<const Knowledge>> load(const std::string& folder);
  explicit Knowledge(KnowledgeData data);

  // What `reply` means as an answer in `phase`, nothing if that is not known. `banner` is what the
  // server said of itself (greeting, name in EHLO), to tell providers apart. The same question has
  // the same answer; any bytes get one; the time is linear in the reply's length.
  //
  // Asked in this order: a quoted reply before the one that quotes it; the rules' texts; the
  // enhanced code, unless servers use it for anything; the vague rules; any enhanced code; the
  // basic code; its first digit (RFC 5321 section 4.3.2). A positive reply is `ok` where it is
  // legitimate and `unexpected_reply` elsewhere.
  Classification classify(std::optional<Phase> phase, const Reply& reply,
                          std::string_view banner = {}) const;

  // nullptr where nothing is known.
  const CodeEntry* code(int code) const;
  const EnhancedEntry* enhanced(EnhancedCode code) const;  // whatever its class
  const ReasonEntry& reason(Reason reason) const;

  std::span<const CodeEntry> codes() const { return data_.codes; }
  std::span<const EnhancedEntry> enhanced_codes() const { return data_.enhanced; }
  std::span<const ReasonEntry> reasons() const { return data_.reasons; }
  // Pairs of codes that have a remark of their own, in ascending order.
  std::vector<CodePair> pairs() const;
  // In the order in which they are asked, the vague ones last.
  std::span<const Rule> rules() const;

  // "en" and every other folder of texts, in alphabetical order.
  std::vector<std::string_view> languages() const;
  // Texts in `language`, in English where the language lacks them; empty for what is not listed.
  const CodeTexts& code_texts(int code, std::string_view language) const;
  const EnhancedTexts& enhanced_texts(EnhancedCode code, std::string_view language) const;
  const ReasonTexts& reason_texts(Reason reason, std::string_view language) const;
  const PairTexts& pair_texts(CodePair pair, std::string_view language) const;
  // A heading or name of words.tsv; the key itself where no language has it.
  std::string_view word(std::string_view key, std::string_view language) const;

  // Values for metric labels: from closed sets, whatever a server says.
  std::string code_label(int code) const;  // "535", "5xx" when not listed, "other" outside 200-599
  std::string enhanced_label(std::optional<EnhancedCode> code) const;  // "5.7.8", "other", ""
  std::string extension_label(std::string_view keyword) const;         // "STARTTLS" or "other"
  std::string mechanism_label(std::string_view mechanism) const;       // "PLAIN" or "other"

 private:
  struct Question;
  std::optional<Classification> by_text_or_enhanced_code(const Question& question) const;
  Classification by_code(const Question& question) const;
  Classification positive(std::optional<Phase> phase, int code) const;
  template <class Select>
  const auto& translated(std::string_view language, Select select) const;

  KnowledgeData data_;  // its rules are in rules_
  std::shared_ptr<const RuleSet> rules_;
};

}  // namespace sre
