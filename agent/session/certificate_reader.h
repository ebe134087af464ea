#pragma once

#include <openssl/x509.h>

#include "agent/smtp/certificate.h"

namespace sre {

// The facts of one certificate. Fields that cannot be read stay empty.
Certificate read_certificate(X509* certificate);

}  // namespace sre
