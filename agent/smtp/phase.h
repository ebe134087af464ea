#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sre {

// A step of the SMTP dialogue, in the order in which a run meets them. `tls` is the handshake:
// before the banner with implicit TLS (RFC 8314), after `starttls` else. `message` is the end of
// DATA; `quit` is all that is said to leave (RSET, QUIT).
enum class Phase : std::uint8_t {
  resolve,
  connect,
  tls,
  banner,
  ehlo,
  starttls,
  auth,
  mail,
  rcpt,
  data,
  message,
  quit,
};

inline constexpr std::array kPhases = {
    Phase::resolve, Phase::connect, Phase::tls,  Phase::banner, Phase::ehlo,    Phase::starttls,
    Phase::auth,    Phase::mail,    Phase::rcpt, Phase::data,   Phase::message, Phase::quit,
};

// The name used in configuration, labels and pages: "resolve" ... "quit".
std::string_view to_string(Phase phase);
std::optional<Phase> parse_phase(std::string_view name);

// True for the phases in which a server answers with a reply; not for resolve, connect and tls.
bool has_reply(Phase phase);

}  // namespace sre
