#pragma once

#include <string>

#include "agent/base/clock.h"

namespace sre {

// Times as text, always UTC, never depending on the locale.

// "2026-11-22T15:34:05.250Z" (RFC 3339), for JSON and for machines.
std::string rfc3339(WallTime time);

// "2026-11-22 15:34:05 UTC", for people.
std::string readable_time(WallTime time);

// "Sun, 22 Nov 2026 15:34:05 GMT", as HTTP wants it (RFC 9110 section 5.6.7).
std::string http_date(WallTime time);

// How far `time` lies from `now`, in its largest unit: "12 s ago", "3 min ago", "in 14 d".
std::string distance(WallTime time, WallTime now);

// A measured time with three digits: "0.31 ms", "12.3 ms", "1.25 s".
std::string readable_duration(Duration d);

}  // namespace sre
