#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/base/result.h"
#include "agent/check/kind.h"
#include "agent/check/target.h"
#include "agent/smtp/phase.h"
#include "agent/smtp/reply.h"

namespace sre {

// Which replies a phase may have: alternatives of codes ("535") or classes ("5xx"), each with an
// optional pattern for the enhanced code ("535 5.7.*"), as in `expect = { auth = "535 5.7.8|4xx"
// }`. Immutable.
class ReplyPattern {
 public:
  // The error says what is wrong with `text` and what a pattern looks like.
  static Result<ReplyPattern> parse(std::string_view text);

  bool matches(const Reply& reply) const;
  // As configured: "530|5xx".
  const std::string& text() const { return text_; }
  // The first code named, a class as its hundred ("5xx" is 500): what is exported as expected.
  int first_code() const;
  friend bool operator==(const ReplyPattern&, const ReplyPattern&) = default;

 private:
  struct Alternative {
    int low;   // codes from low ...
    int high;  // ... to high, both included
    // Class, subject and detail, nothing for `*`; no value: any enhanced code, or none.
    std::optional<std::vector<std::optional<int>>> enhanced;
    friend bool operator==(const Alternative&, const Alternative&) = default;
  };
  static Result<Alternative> parse_alternative(std::string_view text);
  static bool matches(const Alternative& alternative, const Reply& reply);

  std::string text_;
  std::vector<Alternative> alternatives_;
};

// What is expected in each phase.
using Expectations = std::map<Phase, ReplyPattern>;

// What a check of `kind` expects of `target` where the configuration says nothing: an entry for
// every phase with a reply that the dialogue can reach up to `until`. Phases without an entry
// (quit) are not judged.
Expectations default_expectations(Kind kind, const Target& target, Phase until);

}  // namespace sre
