#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/base/secret.h"

namespace sre {

// How the connection is protected.
enum class TlsMode : std::uint8_t {
  none,           // in clear
  opportunistic,  // STARTTLS where it is offered, in clear else
  starttls,       // STARTTLS or nothing
  implicit,       // TLS from the first byte (RFC 8314)
};
// Its names in a configuration, in that order; so with the two below.
inline constexpr std::array<std::string_view, 4> kTlsModes = {"none", "opportunistic", "starttls",
                                                              "implicit"};
std::string_view to_string(TlsMode mode);
std::optional<TlsMode> parse_tls_mode(std::string_view name);

// Which addresses of a host are used.
enum class IpFamily : std::uint8_t { any, v4, v6 };
inline constexpr std::array<std::string_view, 3> kIpFamilies = {"any", "4", "6"};
std::string_view to_string(IpFamily family);
std::optional<IpFamily> parse_ip_family(std::string_view name);

// Which of several addresses a run asks: the first that accepts the connection, or each in turn,
// and then all must pass.
enum class AddressChoice : std::uint8_t { first, each };
inline constexpr std::array<std::string_view, 2> kAddressChoices = {"first", "each"};
std::string_view to_string(AddressChoice choice);
std::optional<AddressChoice> parse_address_choice(std::string_view name);

// A user name, its secret, and the only hosts that may ever see it.
struct Credentials {
  std::string name;  // of the [credentials.NAME] table
  std::string username;
  Secret secret;  // password, or token for XOAUTH2 and OAUTHBEARER; empty for EXTERNAL
  // SASL mechanism in upper case, or "auto": the strongest that both sides know.
  std::string mechanism = "auto";
  std::vector<std::string> hosts;  // patterns of matches_host()

  bool allows_host(std::string_view host) const;
  friend bool operator==(const Credentials&, const Credentials&) = default;
};

// One SMTP endpoint. Immutable once configured.
struct Target {
  std::string name;
  std::string host;  // a name or an address; empty where `mx` stands in its place
  std::string mx;    // the domain whose mail exchangers are asked
  std::uint16_t port = 25;
  TlsMode tls = TlsMode::opportunistic;
  std::string ca_file;         // absolute path of trusted roots in PEM; empty: the system's
  std::string server_name;     // for SNI and the certificate; empty: the host
  bool verify = true;          // false: the certificate is reported, but not judged
  std::string source_address;  // local address to connect from; empty: the system's choice
  IpFamily ip = IpFamily::any;
  AddressChoice address = AddressChoice::first;
  std::shared_ptr<const Credentials> credentials;  // may be null
  bool allow_cleartext_login = false;
  int max_connections = 1;                                  // at once, by all checks of this target
  std::vector<std::pair<std::string, std::string>> labels;  // exported on smtp_target_info

  // Compares the credentials by address; see same_target().
  friend bool operator==(const Target&, const Target&) = default;
};

// True when all settings are equal, the credentials' values (with the secret) instead of their
// address.
bool same_target(const Target& a, const Target& b);

}  // namespace sre
