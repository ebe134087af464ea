#pragma once

#include <cstddef>

#include "agent/verdict/run.h"

namespace sre {

// Bytes of text that `run` holds: what it costs to keep it.
std::size_t text_size(const Run& run);

// `run` itself where its replies are of ordinary length; else a copy in which each reply is cut to
// its first lines, so that servers that talk without end cannot fill the memory: a kept run holds
// some tens of kilobytes at most. Codes, times and verdict are never changed.
RunPtr fit_to_keep(RunPtr run);

}  // namespace sre
