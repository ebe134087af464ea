#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agent/base/clock.h"

namespace sre {

// Reads a duration as Prometheus writes it: one or more of `<number><unit>` from the largest unit
// to the smallest (d h m s ms), such as "60s", "1m30s", "250ms". Nothing where the text is anything
// else, or is longer than 10 years.
std::optional<Duration> parse_duration(std::string_view text);

// The same notation, shortest form: "1m30s", "250ms", "0s". Anything below a millisecond is
// dropped.
std::string format_duration(Duration d);

}  // namespace sre
