#pragma once

#include <string>

#include "agent/check/target.h"
#include "agent/smtp/ehlo.h"

namespace sre {

// The SASL mechanism to log in with: the configured one, or for "auto" the strongest that both
// sides know and that fits a password. Empty when the server does not offer it.
std::string choose_mechanism(const Credentials& credentials, const Ehlo& ehlo, bool tls);

}  // namespace sre
