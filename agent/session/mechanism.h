#pragma once

#include <string>

#include "agent/check/target.h"
#include "agent/smtp/ehlo.h"

namespace sre {

// The SASL mechanism to log in with: the configured one, or for "auto" the strongest that the
// server offers of SCRAM, PLAIN, LOGIN and CRAM-MD5, and that can carry the credentials; where none
// of those offered can, the strongest of them. Empty when the server does not offer it.
std::string choose_mechanism(const Credentials& credentials, const Ehlo& ehlo, bool tls);

}  // namespace sre
