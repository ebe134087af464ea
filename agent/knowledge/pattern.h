#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/base/result.h"
#include "agent/smtp/enhanced_code.h"
#include "agent/smtp/phase.h"
#include "agent/smtp/reason.h"

namespace sre {

// A set of basic codes: "535", "5xx" or "550-559".
struct CodePattern {
  int first = 0;
  int last = 0;

  bool matches(int code) const { return first <= code && code <= last; }
};

Result<CodePattern> parse_code_pattern(std::string_view text);

// A set of enhanced codes: "5.7.8", "X.7.8" (any class), "5.7.*", "X.7.606-649".
struct EnhancedPattern {
  std::uint16_t status_class = 0;  // 0: any
  std::uint16_t subject = 0;
  std::uint16_t first_detail = 0;
  std::uint16_t last_detail = 0;

  bool matches(EnhancedCode code) const;
};

Result<EnhancedPattern> parse_enhanced_pattern(std::string_view text);

// A set of phases. Phases are few: one bit each, and one for "the phase is not known". A
// plain value.
class PhaseSet {
 public:
  bool contains(std::optional<Phase> phase) const { return (bits_ >> index(phase) & 1U) != 0; }
  void add(std::optional<Phase> phase) { bits_ |= 1U << index(phase); }
  bool empty() const { return bits_ == 0; }

 private:
  static unsigned index(std::optional<Phase> phase) {
    return phase ? static_cast<unsigned>(*phase) : static_cast<unsigned>(kPhases.size());
  }

  std::uint32_t bits_ = 0;
};

// "mail,rcpt"; `unknown` stands for a reply of which nobody said when it came.
Result<PhaseSet> parse_phases(std::string_view text);

// What a code means when nothing better is known: "auth=auth_password_expired 4=server_busy
// service_unavailable". Conditions (a phase, a basic code, a class) are tried from left to right;
// the last reason has none. Immutable.
class ReasonChoice {
 public:
  static Result<ReasonChoice> parse(std::string_view text);

  Reason choose(std::optional<Phase> phase, int code, int status_class) const;
  // All reasons it can name, each once, the unconditional one first.
  std::vector<Reason> all() const;

 private:
  struct Condition {
    std::optional<Phase> phase;  // or
    int number = 0;              // a code of three digits, or a class of one
    Reason reason;
  };

  std::vector<Condition> conditions_;
  Reason otherwise_ = Reason::permanent_failure;
};

}  // namespace sre
