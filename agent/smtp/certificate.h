#pragma once

#include <optional>
#include <string>

#include "agent/base/clock.h"
#include "agent/smtp/reason.h"

namespace sre {

// What a client needs to know of the certificate that a server showed.
struct Certificate {
  std::string subject;             // RFC 2253 form, raw: show it through printable() only
  std::string issuer;              // likewise
  std::string serial;              // hexadecimal
  std::string fingerprint_sha256;  // hexadecimal, of the DER form
  WallTime not_before{};
  WallTime not_after{};
};

// The TLS connection of a run, known even where the certificate would not be accepted.
struct TlsFacts {
  std::string version;                      // "TLSv1.3"
  std::string cipher;                       // "TLS_AES_256_GCM_SHA384"
  std::optional<Certificate> certificate;   // the server's own
  std::optional<WallTime> earliest_expiry;  // of the whole chain
  // Why a client would turn the certificate down: certificate_expired, certificate_untrusted or
  // certificate_name_mismatch; nothing when chain, dates and name are good.
  std::optional<Reason> problem;
  std::string problem_detail;  // OpenSSL's words for it
};

}  // namespace sre
