#pragma once

#include <vector>

#include "agent/base/clock.h"
#include "agent/check/check.h"
#include "agent/smtp/phase.h"
#include "agent/smtp/reason.h"
#include "agent/verdict/run.h"
#include "agent/verdict/standing.h"

namespace sre {

// How a check stands now, and the run that brought it there.
struct CheckView {
  CheckPtr check;
  Standing standing;
  RunPtr latest;  // null before the first run since the start
};

// A run of which only one line is kept.
struct RunLine {
  WallTime at{};  // when it ended
  Duration duration{};
  bool passed = false;
  Phase phase = Phase::resolve;  // the phase that decided it
  int code = 0;                  // the deciding reply's, 0 when there was none
  Reason reason = Reason::ok;

  friend bool operator==(const RunLine&, const RunLine&) = default;
};

// The moment at which a check began to answer differently: another verdict, code or reason.
struct Transition {
  WallTime at{};
  bool passed = false;
  int code = 0;  // 0 when there was no reply
  Reason reason = Reason::ok;

  friend bool operator==(const Transition&, const Transition&) = default;
};

// All that is remembered of a check; every list begins with the newest.
struct CheckHistory {
  CheckView view;
  std::vector<RunPtr> failures;  // the last ones, with their transcripts
  std::vector<RunLine> runs;
  std::vector<Transition> transitions;
};

}  // namespace sre
