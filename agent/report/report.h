#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "agent/verdict/run.h"
#include "agent/verdict/standing.h"

namespace sre {

// What the program tells other programs, the same on the command line and over HTTP. Keys stand in
// the order in which they are documented; absent values are null, times RFC 3339 in UTC, durations
// seconds. Text from the wire went through printable(), so it is always valid UTF-8.
using Json = nlohmann::ordered_json;

// One run: target, check, kind, passed, phase, code, enhanced_code, expected, reason, rule,
// duration_seconds, phases, certificate. `phases` has one entry for every phase that was entered,
// in the order of the dialogue, with the last reply received there (of AUTH the final one, of EHLO
// the one after TLS) and the sum of its times.
Json run_json(const Run& run);

// How one check stands: `standing` and, where there was one since the start, its `latest` run (may
// be null). `passed` is null before the first run.
Json check_json(const Check& check, const Standing& standing, const Run* latest);

// Indented text with a line end. Never throws, whatever bytes it holds.
std::string to_text(const Json& json);

}  // namespace sre
