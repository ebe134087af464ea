#pragma once

#include <memory>

#include "agent/base/clock.h"
#include "agent/check/check.h"
#include "agent/smtp/transcript.h"
#include "agent/verdict/verdict.h"

namespace sre {

// One finished run of a check: what was asked, what was seen, what it comes to. Immutable.
struct Run {
  CheckPtr check;
  Transcript transcript;
  Verdict verdict;
  // It was ended before its time, as at shut-down: what it came to says nothing of the server.
  bool cut_short = false;

  // When it ended, in whole milliseconds: the state file keeps no more, and a restart must not
  // change a time that metrics show.
  WallTime finished() const {
    const auto lasted = std::chrono::duration_cast<WallTime::duration>(transcript.duration);
    return std::chrono::floor<std::chrono::milliseconds>(transcript.started + lasted);
  }
};

using RunPtr = std::shared_ptr<const Run>;

}  // namespace sre
