#pragma once

#include <openssl/ossl_typ.h>

#include <memory>
#include <string>

#include "tests/web/client.h"

namespace sre::test {

// How a TlsClient comes: which certificate it shows ("client" for client.pem and client.key of
// tests/access/testdata; none by default), and what it speaks at most.
struct TlsClientOptions {
  std::string certificate = {};
  int max_version = 0;       // TLS1_2_VERSION; 0: whatever there is
  std::string ciphers = {};  // as OpenSSL writes them
};

// A Client over TLS. It trusts ca.pem of tests/access/testdata alone.
class TlsClient : public Client {
 public:
  explicit TlsClient(const std::string& address, const TlsClientOptions& options = {});
  ~TlsClient() override;

  // True where the handshake came about and the server showed a certificate for localhost. With TLS
  // 1.3 a server that turns a client down says so only behind it: the next read finds nothing.
  bool connected() const { return connected_; }
  // Whether the server has ended the connection in good order (close_notify).
  bool closed_in_order() const;

 private:
  long receive(char* bytes, std::size_t count) override;
  long transmit(const char* bytes, std::size_t count) override;

  std::shared_ptr<SSL_CTX> context_;
  std::shared_ptr<SSL> tls_;
  bool connected_ = false;
};

}  // namespace sre::test
