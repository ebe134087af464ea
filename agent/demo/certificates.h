#pragma once

#include <openssl/ossl_typ.h>

#include <memory>
#include <string>

#include "agent/base/clock.h"
#include "agent/base/result.h"
#include "agent/demo/script.h"

namespace sre {

// Certificates for scripted servers, made in memory for one process: EC P-256 keys, a certificate
// authority of their own, and what is wrong with them on purpose (CertificateKind). Immutable.
class Certificates {
 public:
  // Makes them; validity is counted from `now`. Fails only when OpenSSL does.
  static Result<std::shared_ptr<const Certificates>> make(WallTime now);

  // The authority in PEM, for a target's ca_file.
  const std::string& ca_pem() const { return ca_pem_; }

  // A server's TLS settings for a script; shared with whoever keeps it.
  Result<std::shared_ptr<SSL_CTX>> server_context(const ScriptTls& tls) const;

 private:
  struct Issued {
    std::shared_ptr<X509> certificate;
    std::shared_ptr<EVP_PKEY> key;
  };
  // What a certificate is to say.
  struct Wish {
    std::string name;                // common name
    std::string alternative_names;   // as OpenSSL writes them: "DNS:localhost,IP:127.0.0.1"
    Duration starts{};               // counted from now
    Duration ends{};                 // likewise
    const Issued* issuer = nullptr;  // null: signed by itself
  };

  Certificates() = default;
  static Issued issue(const Wish& wish, WallTime now);

  std::string ca_pem_;
  Issued issued_[6];  // by CertificateKind
};

}  // namespace sre
