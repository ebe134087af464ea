#pragma once

#include <openssl/ossl_typ.h>

#include <string>
#include <vector>

namespace sre {

// True where one of the certificate's subject alternative names, a DNS name, an address, an email
// address or a URI, is one of `allowed` to the letter. A common name is not looked at (RFC 9525).
bool has_allowed_name(X509* certificate, const std::vector<std::string>& allowed);

}  // namespace sre
