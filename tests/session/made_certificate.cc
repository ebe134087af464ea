#include "tests/session/made_certificate.h"

#include <openssl/evp.h>
#include <openssl/pem.h>

namespace sre {

X509Pointer make_certificate(const std::string& common_name, const std::string& not_before,
                             const std::string& not_after) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"),
                                                                &EVP_PKEY_free);
  X509Pointer certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 255);
  ASN1_TIME_set_string(X509_getm_notBefore(certificate.get()), not_before.c_str());
  ASN1_TIME_set_string(X509_getm_notAfter(certificate.get()), not_after.c_str());
  X509_NAME* name = X509_get_subject_name(certificate.get());
  std::string bytes = common_name;
  X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8,
                             reinterpret_cast<unsigned char*>(bytes.data()),
                             static_cast<int>(bytes.size()), -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  X509_set_pubkey(certificate.get(), key.get());
  X509_sign(certificate.get(), key.get(), EVP_sha256());
  return certificate;
}

std::string to_pem(X509* certificate) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), &BIO_free);
  PEM_write_bio_X509(out.get(), certificate);
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace sre
