#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "agent/base/clock.h"
#include "agent/smtp/phase.h"

namespace sre {

// The question that a check puts to a server.
enum class Kind : std::uint8_t {
  greeting,        // does the server answer?
  tls,             // is TLS up, with a certificate that a client would trust?
  login,           // do these credentials still work?
  login_refused,   // are wrong credentials refused?
  login_required,  // is mail without login refused?
  relay_refused,   // is relaying for strangers refused?
  recipient,       // is this recipient accepted?
  delivery,        // is a whole message accepted?
};

inline constexpr std::array kKinds = {
    Kind::greeting,       Kind::tls,           Kind::login,     Kind::login_refused,
    Kind::login_required, Kind::relay_refused, Kind::recipient, Kind::delivery,
};

// Whose name a run logs in with.
enum class Login : std::uint8_t {
  never,          // the question is what happens without
  invented,       // a user that exists nowhere, with a random password
  required,       // the target's credentials
  if_configured,  // the target's credentials, where it has some
};

// How a kind walks the dialogue, and what it takes for a pass.
struct KindTraits {
  std::string_view name;  // as in configuration and labels
  std::string_view question;
  Login login;
  // The last phase of the dialogue before QUIT.
  Phase until;
  // The kind passes when the server refuses (login_refused, login_required, relay_refused); a run
  // then ends with the first refusal in `refusal_from` or a later phase.
  bool wants_refusal;
  Phase refusal_from;
  Duration default_interval;  // zero: the agent's own
};

const KindTraits& traits(Kind kind);
inline std::string_view to_string(Kind kind) { return traits(kind).name; }
std::optional<Kind> parse_kind(std::string_view name);

}  // namespace sre
