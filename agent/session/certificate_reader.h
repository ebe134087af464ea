#pragma once

#include <openssl/x509.h>

#include <optional>

#include "agent/smtp/certificate.h"

namespace sre {

// The facts of one certificate. Fields that cannot be read stay empty.
Certificate read_certificate(X509* certificate);

// When the first certificate of a chain ends; nothing for an empty chain or none.
std::optional<WallTime> earliest_expiry(const STACK_OF(X509) * chain);

}  // namespace sre
