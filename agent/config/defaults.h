#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "agent/check/check.h"

namespace sre {

// What holds where neither a configuration nor a command line says anything.

// What EHLO says: the machine's name where it is one that EHLO may say, else "localhost".
std::string default_helo();
// The port that everybody uses with this kind of TLS: 465, 587 or 25.
std::uint16_t usual_port(TlsMode tls);
// MAIL FROM: the user name where it is an address, else "probe@" and the EHLO name.
std::string default_sender(const Check& check);
// RCPT TO of a check whose sender is known; nothing for a kind that needs one of its own.
std::optional<std::string> default_recipient(const Check& check);

}  // namespace sre
