#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "agent/smtp/enhanced_code.h"
#include "agent/smtp/phase.h"
#include "agent/smtp/reply.h"

namespace sre {

// So much of a reply is read: what a server has to say stands at the beginning, and a reply may be
// 64 KiB of anything.
inline constexpr std::size_t kReadBytes = 1024;

// The lines of a reply as one text, without the enhanced codes that every line repeats.
std::string matching_text(const Reply& reply);

// A reply quoted within another one: "... [Error: 535 5.7.139 ...]", "... -> 550 Unknown user".
struct QuotedReply {
  int code;
  std::optional<EnhancedCode> enhanced;
  std::string_view text;
};

// The last (innermost) reply that `text` quotes behind a ':' or '>'.
std::optional<QuotedReply> find_quoted_reply(std::string_view text);

// The phase, guessed from the code where it is not known: some codes answer AUTH only.
std::optional<Phase> likely_phase(std::optional<Phase> phase, int code);

}  // namespace sre
