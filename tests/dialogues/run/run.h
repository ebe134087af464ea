#pragma once

#include "agent/check/check.h"
#include "agent/verdict/run.h"

namespace sre {

// Runs a check once on a loop of its own, the way the daemon does, and returns when it is over.
RunPtr run_once(CheckPtr check);

}  // namespace sre
