#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agent/base/result.h"
#include "agent/demo/script.h"

namespace sre {

// Reads one step of a script: `250-STARTTLS`, `delay 800ms`, `bytes "\x00"`. See parse_script().
Result<ScriptStep> parse_script_step(std::string_view text);

// Takes a quoted text with C escapes (\r \n \t \0 \\ \" \xNN) off the front of `rest`; nothing, and
// `rest` as it was, when there is none or an escape is unknown.
std::optional<std::string> take_quoted(std::string_view& rest);

}  // namespace sre
