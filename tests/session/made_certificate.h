#pragma once

#include <openssl/x509.h>

#include <memory>
#include <string>

namespace sre {

struct X509Deleter {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using X509Pointer = std::unique_ptr<X509, X509Deleter>;

// A self-signed certificate with serial number 255. Times as in ASN.1: "20260101000000Z".
X509Pointer make_certificate(const std::string& common_name, const std::string& not_before,
                             const std::string& not_after);

// The same as a file holds it.
std::string to_pem(X509* certificate);

}  // namespace sre
