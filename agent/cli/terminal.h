#pragma once

namespace sre {

// True when the descriptor is a terminal and NO_COLOR is not set, or empty (no-color.org).
bool wants_color(int descriptor);

}  // namespace sre
