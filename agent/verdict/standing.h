#pragma once

#include <cstdint>
#include <optional>

#include "agent/base/clock.h"
#include "agent/smtp/reason.h"
#include "agent/verdict/run.h"

namespace sre {

// How a check stands after all its runs: what outlives a run, a reload and, through the state file,
// a restart.
struct Standing {
  bool passing = false;  // the last run's verdict; false as well before the first run
  bool ever_passed = false;
  std::uint32_t consecutive_failures = 0;
  std::optional<WallTime> last_run;
  std::optional<WallTime> last_success;
  std::optional<WallTime> last_change;  // when it last went from pass to fail or back
  // The deciding code and reason of the last run, for telling a transition.
  int code = 0;
  Reason reason = Reason::ok;

  // Fails although it passed before: what an alert on a regression asks for.
  bool regression() const { return last_run && !passing && ever_passed; }

  friend bool operator==(const Standing&, const Standing&) = default;
};

// RFC 4954 section 6: the user name or the password is wrong.
inline constexpr int kCredentialsInvalid = 535;

// The standing after one more run.
Standing advance(const Standing& before, const Run& run);

// True when `after` is another verdict, code or reason than `before`: a line in the check's
// history.
bool is_transition(const Standing& before, const Standing& after);

}  // namespace sre
