#include "agent/access/tls_server.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <string_view>

#include "agent/access/client_names.h"

namespace sre {
namespace {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* thing) const {
    Free(thing);
  }
};
using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;

// What OpenSSL says of its last error.
std::string last_error() {
  const auto code = ERR_peek_last_error();
  ERR_clear_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason == nullptr ? "OpenSSL does not say why" : reason;
}

Bio open(const Pem& pem) {
  const auto text = pem.text.reveal();
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// OpenSSL would ask whoever sits at the terminal.
int no_passphrase(char*, int, int, void*) noexcept { return -1; }

// All of a text; one that is cut or damaged is a problem, whatever else is in it.
std::vector<Certificate> certificates_of(const Pem& pem, Problems& problems) {
  std::vector<Certificate> all;
  const auto bio = open(pem);
  while (X509* next = PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr)) {
    all.emplace_back(next);
  }
  // The end of the text is an error too.
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  const auto error = last_error();
  if (!at_end) {
    problems.add(pem.place, fmt::format("{}: its certificate number {} is damaged ({})", pem.name,
                                        all.size() + 1, error));
  } else if (all.empty()) {
    problems.add(pem.place, fmt::format("{}: there is no certificate in PEM in it", pem.name));
  }
  return all;
}

void use_certificate(SSL_CTX* context, const Pem& pem, Problems& problems) {
  const auto chain = certificates_of(pem, problems);
  if (chain.empty()) return;
  if (SSL_CTX_use_certificate(context, chain.front().get()) != 1) {
    problems.add(pem.place, fmt::format("{}: {}", pem.name, last_error()));
  }
  for (std::size_t i = 1; i < chain.size(); ++i) SSL_CTX_add1_chain_cert(context, chain[i].get());
}

void use_key(SSL_CTX* context, const Pem& pem, Problems& problems) {
  const auto bio = open(pem);
  const Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
  if (!key) {
    ERR_clear_error();
    problems.add(pem.place, fmt::format("{}: there is no private key in PEM in it, or one with a "
                                        "passphrase, which nobody could enter",
                                        pem.name));
    return;
  }
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1) {
    problems.add(pem.place, fmt::format("{}: the key does not belong to the certificate ({})",
                                        pem.name, last_error()));
  }
}

void trust(SSL_CTX* context, const Pem& pem, Problems& problems) {
  // Each is trusted by itself, as in exporter-toolkit: an intermediate authority needs no root.
  X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context), X509_V_FLAG_PARTIAL_CHAIN);
  for (const auto& authority : certificates_of(pem, problems)) {
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority.get());
    SSL_CTX_add_client_CA(context, authority.get());
  }
}

// The names for TLS 1.2 as OpenSSL has them. Those for TLS 1.3 are not for choosing, as in Go.
std::string cipher_list(const TlsSettings& settings, Problems& problems) {
  std::string list;
  for (const auto& name : settings.cipher_suites) {
    if (name.starts_with("TLS_AES_") || name.starts_with("TLS_CHACHA20_")) continue;
    // Go has two of them without their last part.
    const bool short_name = name.ends_with("_CHACHA20_POLY1305");
    const std::string_view known =
        OPENSSL_cipher_name((short_name ? name + "_SHA256" : name).c_str());
    if (known == "(NONE)") {
      problems.add(settings.cipher_place,
                   fmt::format("OpenSSL has no cipher suite {}; write one such as "
                               "\"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256\"",
                               in_quotes(name)));
      continue;
    }
    list += list.empty() ? "" : ":";
    list += known;
  }
  return list;
}

void choose_ciphers(SSL_CTX* context, const TlsSettings& settings, Problems& problems) {
  const auto list = cipher_list(settings, problems);
  if (list.empty() && !settings.cipher_suites.empty() && settings.min_version < TLS1_3_VERSION) {
    problems.add(settings.cipher_place,
                 "none of these cipher suites is for TLS 1.2, where all would be left; add one, or "
                 "write min_version: TLS13");
  }
  if (!list.empty() && SSL_CTX_set_cipher_list(context, list.c_str()) != 1) {
    problems.add(settings.cipher_place,
                 fmt::format("OpenSSL takes none of these cipher suites ({})", last_error()));
  }
  if (!settings.groups.empty()) SSL_CTX_set1_groups_list(context, settings.groups.c_str());
  if (settings.prefer_server_ciphers) SSL_CTX_set_options(context, SSL_OP_CIPHER_SERVER_PREFERENCE);
}

// Called by OpenSSL in place of its own verification; 1 lets the client in.
int judge_client(X509_STORE_CTX* store, void* argument) noexcept {
  const auto& server = *static_cast<const TlsServer*>(argument);
  try {
    if (!server.verifies_clients) {
      X509_STORE_CTX_set_error(store, X509_V_OK);
    } else if (X509_verify_cert(store) != 1) {
      return 0;
    }
    if (server.allowed_names.empty() ||
        has_allowed_name(X509_STORE_CTX_get0_cert(store), server.allowed_names)) {
      return 1;
    }
    X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
  } catch (...) {
    X509_STORE_CTX_set_error(store, X509_V_ERR_OUT_OF_MEM);
  }
  return 0;
}

int verify_mode(ClientAuth auth) {
  if (auth == ClientAuth::none) return SSL_VERIFY_NONE;
  const bool required = auth >= ClientAuth::require_any;
  return SSL_VERIFY_PEER | (required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0);
}

}  // namespace

std::shared_ptr<const TlsServer> make_tls_server(const TlsSettings& settings, Problems& problems) {
  auto server = std::make_shared<TlsServer>();
  SSL_CTX* context = server->context.native_handle();
  SSL_CTX_set_min_proto_version(context, settings.min_version);
  SSL_CTX_set_max_proto_version(context, settings.max_version);
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  use_certificate(context, settings.certificate, problems);
  use_key(context, settings.key, problems);
  if (settings.client_ca) trust(context, *settings.client_ca, problems);
  choose_ciphers(context, settings, problems);
  server->allowed_names = settings.client_allowed_sans;
  server->verifies_clients = settings.client_auth == ClientAuth::verify_if_given ||
                             settings.client_auth == ClientAuth::require_and_verify;
  SSL_CTX_set_verify(context, verify_mode(settings.client_auth), nullptr);
  SSL_CTX_set_cert_verify_callback(context, judge_client, server.get());
  return server;
}

}  // namespace sre
