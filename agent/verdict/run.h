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

  WallTime finished() const { return transcript.started +
           std::chrono::duration_cast<WallTime::duration>(transcript.duration); }
};

using RunPtr = std::shared_ptr<const Run>;

}  // namespace sre
