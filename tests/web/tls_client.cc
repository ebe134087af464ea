#include "tests/web/tls_client.h"

#include <openssl/ssl.h>

namespace sre::test {
namespace {

std::string testdata(const std::string& name) {
  return std::string(SRE_SOURCE_DIR) + "/tests/access/testdata/" + name;
}

}  // namespace

TlsClient::TlsClient(const std::string& address, const TlsClientOptions& options)
    : Client(address),
      context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free),
      tls_(nullptr, SSL_free) {
  SSL_CTX* context = context_.get();
  SSL_CTX_load_verify_file(context, testdata("ca.pem").c_str());
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_max_proto_version(context, options.max_version);
  if (!options.ciphers.empty()) SSL_CTX_set_cipher_list(context, options.ciphers.c_str());
  if (!options.certificate.empty()) {
    const auto file = testdata(options.certificate);
    SSL_CTX_use_certificate_file(context, (file + ".pem").c_str(), SSL_FILETYPE_PEM);
    SSL_CTX_use_PrivateKey_file(context, (file + ".key").c_str(), SSL_FILETYPE_PEM);
  }
  tls_.reset(SSL_new(context), SSL_free);
  SSL_set1_host(tls_.get(), "localhost");
  SSL_set_fd(tls_.get(), socket());
  connected_ = SSL_connect(tls_.get()) == 1;
}

TlsClient::~TlsClient() = default;

bool TlsClient::closed_in_order() const {
  return (SSL_get_shutdown(tls_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
}

long TlsClient::receive(char* bytes, std::size_t count) {
  return SSL_read(tls_.get(), bytes, static_cast<int>(count));
}

long TlsClient::transmit(const char* bytes, std::size_t count) {
  return SSL_write(tls_.get(), bytes, static_cast<int>(count));
}

}  // namespace sre::test
