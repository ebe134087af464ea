#include "agent/smtp/phase.h"

namespace sre {
namespace {

constexpr std::array<std::string_view, kPhases.size()> kNames = {
    "resolve", "connect", "tls",  "banner", "ehlo",    "starttls",
    "auth",    "mail",    "rcpt", "data",   "message", "quit",
};

}  // namespace

std::string_view to_string(Phase phase) { return kNames[static_cast<std::size_t>(phase)]; }

std::optional<Phase> parse_phase(std::string_view name) {
  for (const Phase phase : kPhases) {
    if (to_string(phase) == name) return phase;
  }
  return std::nullopt;
}

bool has_reply(Phase phase) {
  return phase != Phase::resolve && phase != Phase::connect && phase != Phase::tls;
}

}  // namespace sre
