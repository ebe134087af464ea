#include "agent/demo/certificates.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace sre {
namespace {

using std::chrono::hours;

// Inside this file OpenSSL's failures are exceptions; make() and server_context() turn them into
// errors. They mean a broken OpenSSL set-up, not anything a script could have done.
template <class T>
T* good(T* made) {
  if (!made) throw std::runtime_error(ERR_error_string(ERR_get_error(), nullptr));
  return made;
}

void good(int result) {
  if (result <= 0) throw std::runtime_error(ERR_error_string(ERR_get_error(), nullptr));
}

tl::unexpected<Error> openssl_failure(const std::exception& e) {
  return failure(fmt::format("OpenSSL cannot make the demo's certificates: {}", e.what()));
}

void add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
      good(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str())), &X509_EXTENSION_free);
  good(X509_add_ext(certificate, extension.get(), -1));
}

void set_time(ASN1_TIME* field, WallTime now, Duration offset) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now + offset);
  good(ASN1_TIME_set(field, std::chrono::system_clock::to_time_t(seconds)));
}

// 63 random bits: serial numbers are positive (RFC 5280 section 4.1.2.2).
void set_serial(X509* certificate) {
  unsigned char random[8];
  good(RAND_bytes(random, sizeof random));
  std::uint64_t serial = 0;
  for (const unsigned char byte : random) serial = serial << 8 | byte;
  good(ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1 | 1));
}

std::string to_pem(X509* certificate) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(good(BIO_new(BIO_s_mem())), &BIO_free);
  good(PEM_write_bio_X509(bio.get(), certificate));
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, static_cast<std::size_t>(size));
}

int protocol_version(const std::string& version) {
  if (version == "1.0") return TLS1_VERSION;
  if (version == "1.1") return TLS1_1_VERSION;
  if (version == "1.2") return TLS1_2_VERSION;
  return version == "1.3" ? TLS1_3_VERSION : 0;
}

}  // namespace

Certificates::Issued Certificates::issue(const Wish& wish, WallTime now) {
  Issued made;
  made.key.reset(good(EVP_EC_gen("P-256")), &EVP_PKEY_free);
  made.certificate.reset(good(X509_new()), &X509_free);
  auto* const certificate = made.certificate.get();
  auto* const issuer = wish.issuer ? wish.issuer->certificate.get() : certificate;
  good(X509_set_version(certificate, X509_VERSION_3));
  set_serial(certificate);
  set_time(X509_getm_notBefore(certificate), now, wish.starts);
  set_time(X509_getm_notAfter(certificate), now, wish.ends);
  good(X509_set_pubkey(certificate, made.key.get()));
  const auto* const name = reinterpret_cast<const unsigned char*>(wish.name.c_str());
  good(X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8, name, -1,
                                  -1, 0));
  good(X509_set_issuer_name(certificate, X509_get_subject_name(issuer)));
  const bool authority = wish.alternative_names.empty();
  add_extension(certificate, issuer, NID_basic_constraints,
                authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
  add_extension(certificate, issuer, NID_key_usage,
                authority ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature");
  add_extension(certificate, issuer, NID_subject_key_identifier, "hash");
  if (!authority) {
    add_extension(certificate, issuer, NID_subject_alt_name, wish.alternative_names);
    add_extension(certificate, issuer, NID_ext_key_usage, "serverAuth");
  }
  auto* const signing_key = wish.issuer ? wish.issuer->key.get() : made.key.get();
  good(X509_sign(certificate, signing_key, EVP_sha256()));
  return made;
}

Result<std::shared_ptr<const Certificates>> Certificates::make(WallTime now) {
  const std::string here = "DNS:localhost,IP:127.0.0.1,IP:::1";
  const Duration month = hours{24 * 30};
  const Duration year = hours{24 * 365};
  try {
    const auto ca = issue({"Demo Root", {}, -month, 10 * year, nullptr}, now);
    const auto unknown = issue({"Unknown Root", {}, -month, 10 * year, nullptr}, now);
    std::shared_ptr<Certificates> made(new Certificates);
    made->ca_pem_ = to_pem(ca.certificate.get());
    const auto put = [&](CertificateKind kind, const Wish& wish) {
      made->issued_[static_cast<std::size_t>(kind)] = issue(wish, now);
    };
    put(CertificateKind::valid, {"localhost", here, -month, year, &ca});
    put(CertificateKind::expired, {"localhost", here, -year, -hours{24}, &ca});
    put(CertificateKind::expiring, {"localhost", here, -month, hours{24 * 3}, &ca});
    put(CertificateKind::other_name, {"mx.test", "DNS:mx.test", -month, year, &ca});
    put(CertificateKind::self_signed, {"localhost", here, -month, year, nullptr});
    put(CertificateKind::untrusted, {"localhost", here, -month, year, &unknown});
    return std::shared_ptr<const Certificates>(std::move(made));
  } catch (const std::exception& e) {
    return openssl_failure(e);
  }
}

Result<std::shared_ptr<SSL_CTX>> Certificates::server_context(const ScriptTls& tls) const {
  try {
    std::shared_ptr<SSL_CTX> context(good(SSL_CTX_new(TLS_server_method())), &SSL_CTX_free);
    const auto& issued = issued_[static_cast<std::size_t>(tls.certificate)];
    good(SSL_CTX_use_certificate(context.get(), issued.certificate.get()));
    good(SSL_CTX_use_PrivateKey(context.get(), issued.key.get()));
    if (const int version = protocol_version(tls.version)) {
      // OpenSSL 3 speaks TLS 1.0 and 1.1 at security level 0 only.
      SSL_CTX_set_security_level(context.get(), 0);
      good(static_cast<int>(SSL_CTX_set_min_proto_version(context.get(), version)));
      good(static_cast<int>(SSL_CTX_set_max_proto_version(context.get(), version)));
    }
    return context;
  } catch (const std::exception& e) {
    return openssl_failure(e);
  }
}

}  // namespace sre
