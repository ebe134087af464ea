#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "agent/access/file_stamp.h"
#include "agent/base/problems.h"
#include "agent/base/secret.h"

namespace sre {

// Which certificate a client must show; named as in exporter-toolkit, in the order of strictness.
enum class ClientAuth : std::uint8_t {
  none,                // NoClientCert
  request,             // RequestClientCert: asked for, and not looked at
  verify_if_given,     // VerifyClientCertIfGiven
  require_any,         // RequireAnyClientCert: of whatever authority
  require_and_verify,  // RequireAndVerifyClientCert
};

// Something in PEM, and where it came from, for an error.
struct Pem {
  Secret text;       // certificates are none, but one type for all is simpler
  std::string name;  // the key in the file, and the path where there is one
  Place place;
  friend bool operator==(const Pem&, const Pem&) = default;
};

struct TlsSettings {
  Pem certificate;  // with its chain
  Pem key;
  std::optional<Pem> client_ca;
  ClientAuth client_auth = ClientAuth::none;
  std::vector<std::string> client_allowed_sans;  // empty: every name
  int min_version = 0;                           // as OpenSSL counts: TLS1_2_VERSION
  int max_version = 0;
  std::vector<std::string> cipher_suites;  // IANA names, for TLS 1.2 and before; empty: OpenSSL's
  Place cipher_place;
  bool prefer_server_ciphers = true;
  std::string groups;  // as OpenSSL takes them; empty: OpenSSL's
  // The texts of certificates and keys too. What stands elsewhere in the file is another one.
  friend bool operator==(const TlsSettings&, const TlsSettings&) = default;
};

// The web configuration file, in the format of Prometheus' exporter-toolkit. Immutable.
struct WebConfig {
  std::optional<TlsSettings> tls;
  std::map<std::string, std::string> users;  // to the bcrypt hashes of their passwords
  std::set<std::string> excluded_paths;      // which need no login
  std::vector<std::pair<std::string, std::string>> headers;  // of each response
  std::vector<FileStamp> files;  // that all of this came from, as they were just before
};

// Reads the file and those that it names; their paths are relative to its folder. Nothing in it is
// left unsaid: keys that are unknown or mean nothing here are problems too. What comes back is
// complete only where there are none.
WebConfig read_web_config(const std::string& file, Problems& problems);

}  // namespace sre
