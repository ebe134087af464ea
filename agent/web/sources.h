#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/base/clock.h"
#include "agent/base/result.h"
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
};

// The moment at which a check began to answer differently: another verdict, code or reason.
struct Transition {
  WallTime at{};
  bool passed = false;
  int code = 0;  // 0 when there was no reply
  Reason reason = Reason::ok;
};

// All that is remembered of a check; every list begins with the newest.
struct CheckHistory {
  CheckView view;
  std::vector<RunPtr> failures;  // the last ones, with their transcripts
  std::vector<RunLine> runs;
  std::vector<Transition> transitions;
};

// What a reason means and what to do about it, a sentence or two each; may be empty.
struct Explained {
  std::string summary;
  std::string fix;
};

// All that the pages know of the rest of the program. Each function is called on the web thread
// while probes run on theirs, so each must be thread-safe, and quick: while it works no other
// request is answered.
struct Sources {
  std::function<std::vector<CheckView>()> overview;
  // Nothing when no check has that id ("target/check").
  std::function<std::optional<CheckHistory>(std::string_view id)> history;
  std::function<std::string()> metrics;  // Prometheus text format 0.0.4
  // The running configuration in TOML, secrets as `<secret>`.
  std::function<std::string()> config_text;
  // Asks for a run as soon as may be; false when no check has that id.
  std::function<bool(std::string_view id)> run_now;
  // The error is what an administrator has to mend; the old configuration then stays.
  std::function<Result<void>()> reload;
  std::function<bool()> ready;
  std::function<Explained(Reason)> explain;
};

}  // namespace sre
