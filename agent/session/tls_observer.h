#pragma once

#include <openssl/ssl.h>

#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "agent/session/trust_store.h"
#include "agent/smtp/certificate.h"

namespace sre {

// Looks on while libcurl shakes hands: every certificate error is noted and none ends the
// handshake, so that the facts of a bad certificate are known too. What they are worth is judged
// afterwards, before any secret leaves. Probe thread only.
class TlsObserver {
 public:
  // Called when the handshake is complete, before another byte is sent; with what went wrong where
  // the facts could not be kept.
  using Done = std::function<void(const std::exception_ptr& fault)>;

  // `name` is the host name or address that the certificate must be for.
  TlsObserver(X509_STORE* trusted, std::string name, Done on_done);

  // Prepares libcurl's context; from CURLOPT_SSL_CTX_FUNCTION. False when OpenSSL has no memory.
  bool attach(SSL_CTX* context) noexcept;

  const std::optional<TlsFacts>& facts() const { return facts_; }

 private:
  static int on_verify(int ok, X509_STORE_CTX* store) noexcept;
  static void on_info(const SSL* ssl, int where, int result) noexcept;
  void note_error(int error) noexcept;
  void finish(const SSL* ssl);

  X509Store trusted_;  // a share of its own: a reload may forget the roots before the handshake
  std::string name_;
  Done on_done_;
  std::optional<std::pair<Reason, int>> problem_;  // and OpenSSL's number for it
  std::optional<TlsFacts> facts_;
};

}  // namespace sre
