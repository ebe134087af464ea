#include "agent/session/certificate_reader.h"

#include <gmock/gmock.h>

#include "agent/base/text.h"
#include "tests/session/made_certificate.h"

namespace sre {
namespace {

using std::chrono::sys_days;
using std::chrono::year;

Certificate read_made(const std::string& common_name,
                      const std::string& not_after = "20270101000000Z") {
  return read_certificate(make_certificate(common_name, "20260102030405Z", not_after).get());
}

TEST(CertificateReader, ReadsNamesSerialAndTimes) {
  const Certificate facts = read_made("mx.example.com");
  EXPECT_EQ(facts.subject, "CN=mx.example.com");
  EXPECT_EQ(facts.issuer, "CN=mx.example.com");
  EXPECT_EQ(facts.serial, "FF");
  EXPECT_EQ(facts.not_before, sys_days{year{2026} / 1 / 2} + std::chrono::seconds{11045});
  EXPECT_EQ(facts.not_after, sys_days{year{2027} / 1 / 1});
}

TEST(CertificateReader, ReadsTheFingerprintOfTheDerForm) {
  const auto certificate = make_certificate("a", "20260101000000Z", "20270101000000Z");
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate.get(), &der);
  ASSERT_GT(size, 0);
  unsigned char digest[32];
  ASSERT_EQ(EVP_Digest(der, static_cast<std::size_t>(size), digest, nullptr, EVP_sha256(), nullptr),
            1);
  OPENSSL_free(der);
  std::string hex;
  for (const auto byte : digest) {
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  EXPECT_EQ(read_certificate(certificate.get()).fingerprint_sha256, hex);
}

TEST(CertificateReader, ReadsTheYear9999) {
  const Certificate facts = read_made("a", "99991231235959Z");
  EXPECT_EQ(facts.not_after, sys_days{year{9999} / 12 / 31} + std::chrono::seconds{86399});
  EXPECT_GT(facts.not_after, facts.not_before) << "nothing has wrapped round";
}

TEST(CertificateReader, KeepsUtf8AsItIs) {
  EXPECT_EQ(read_made("B\xC3\xBC\xC3\xA7\xC3\xBCk \xE5\xB1\xB1").subject,
            "CN=B\xC3\xBC\xC3\xA7\xC3\xBCk \xE5\xB1\xB1");
}

TEST(CertificateReader, LetsNoControlByteThrough) {
  const Certificate facts = read_made(
      "a\n\x1b[31m\x7f"
      "b");
  EXPECT_EQ(facts.subject, printable(facts.subject)) << "nothing is left to escape";
  EXPECT_EQ(facts.subject, "CN=a\\0A\\1B[31m\\7Fb");
}

TEST(CertificateReader, KeepsCommasFromPassingForAnotherName) {
  EXPECT_EQ(read_made("a,O=Bank").subject, "CN=a\\,O=Bank");
}

}  // namespace
}  // namespace sre
