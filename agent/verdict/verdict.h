#pragma once

#include <optional>
#include <string>

#include "agent/check/check.h"
#include "agent/smtp/phase.h"
#include "agent/smtp/reason.h"
#include "agent/smtp/reply.h"
#include "agent/smtp/transcript.h"

namespace sre {

class Knowledge;

// What a run comes to.
struct Verdict {
  bool passed = false;
  Phase phase = Phase::resolve;  // the phase that decided it
  std::optional<Reply> reply;    // the reply there; nothing when none came
  std::string expected;  // the pattern that was expected there; empty where no reply was judged
  Reason reason = Reason::internal_error;  // ok when passed
  std::string rule;    // id of the knowledge base's rule that named the reason; may be empty
  std::string detail;  // one printable sentence beside the reason: a fault's, or a certificate's;
                       // may be empty
};

// True where the code is the one that was wanted, and the run failed all the same: something else
// about the reply was wrong, and `detail` says what.
bool is_faulty_reply(const Verdict& verdict);

// Judges what was seen against what was expected. Pure: the same transcript gives the same verdict.
Verdict judge(const Check& check, const Transcript& transcript, const Knowledge& knowledge);

}  // namespace sre
