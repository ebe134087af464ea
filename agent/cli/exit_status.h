#pragma once

namespace sre {

// What the program's exit status says.
inline constexpr int kPassed = 0;
inline constexpr int kCheckFailed = 1;
// A mistake in usage or configuration, which is then on standard error.
inline constexpr int kUsageError = 2;

}  // namespace sre
