#include "agent/session/mechanism.h"

#include <array>
#include <span>
#include <string_view>

#include "agent/session/sasl.h"

namespace sre {
namespace {

// Under TLS the password is safe on the wire, and PLAIN works with every way a server may store it,
// which CRAM-MD5 does not.
constexpr std::array<std::string_view, 5> kUnderTls = {"SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN",
                                                       "LOGIN", "CRAM-MD5"};
constexpr std::array<std::string_view, 5> kInClear = {"SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5",
                                                      "PLAIN", "LOGIN"};

}  // namespace

std::string choose_mechanism(const Credentials& credentials, const Ehlo& ehlo, bool tls) {
  if (credentials.mechanism != "auto") {
    return ehlo.offers_mechanism(credentials.mechanism) ? credentials.mechanism : std::string{};
  }
  const auto ours = tls ? std::span(kUnderTls) : std::span(kInClear);
  std::string_view untakeable;  // offered, but our credentials do not fit it: begin() says so
  for (const auto name : ours) {
    if (!ehlo.offers_mechanism(name)) continue;
    if (takes(name, credentials)) return std::string(name);
    if (untakeable.empty()) untakeable = name;
  }
  return std::string(untakeable);
}

}  // namespace sre
