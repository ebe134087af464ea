#include "agent/check/kind.h"

namespace sre {
namespace {

constexpr Duration kAgentDefault = Duration::zero();

constexpr std::array<KindTraits, kKinds.size()> kTraits = {{
    {"greeting", "does the server answer?", Login::never, Phase::ehlo, false, Phase::quit,
     kAgentDefault},
    {"tls", "is TLS up, with a certificate that a client would trust?", Login::never,
     Phase::starttls, false, Phase::quit, kAgentDefault},
    {"login", "do these credentials still work?", Login::required, Phase::auth, false, Phase::quit,
     kAgentDefault},
    // Hourly: a server may count refused logins against the address they come from.
    {"login_refused", "are wrong credentials refused?", Login::invented, Phase::auth, true,
     Phase::auth, std::chrono::hours{1}},
    // Many servers delay a refusal that concerns MAIL until RCPT.
    {"login_required", "is mail without login refused?", Login::never, Phase::rcpt, true,
     Phase::mail, kAgentDefault},
    {"relay_refused", "is relaying for strangers refused?", Login::never, Phase::rcpt, true,
     Phase::mail, kAgentDefault},
    {"recipient", "is this recipient accepted?", Login::if_configured, Phase::rcpt, false,
     Phase::quit, kAgentDefault},
    {"delivery", "is a whole message accepted?", Login::if_configured, Phase::message, false,
     Phase::quit, kAgentDefault},
}};

}  // namespace

const KindTraits& traits(Kind kind) { return kTraits[static_cast<std::size_t>(kind)]; }

std::optional<Kind> parse_kind(std::string_view name) {
  for (const Kind kind : kKinds) {
    if (to_string(kind) == name) return kind;
  }
  return std::nullopt;
}

}  // namespace sre
