#include "agent/check/target.h"

#include <algorithm>
#include <array>

#include "agent/check/host_port.h"

namespace sre {
namespace {

constexpr std::array<std::string_view, 4> kTlsModes = {"none", "opportunistic", "starttls",
                                                       "implicit"};

}  // namespace

std::string_view to_string(TlsMode mode) { return kTlsModes[static_cast<std::size_t>(mode)]; }

std::optional<TlsMode> parse_tls_mode(std::string_view name) {
  const auto found = std::find(kTlsModes.begin(), kTlsModes.end(), name);
  if (found == kTlsModes.end()) return std::nullopt;
  return static_cast<TlsMode>(found - kTlsModes.begin());
}

bool Credentials::allows_host(std::string_view host) const {
  return std::any_of(hosts.begin(), hosts.end(),
                     [&](const auto& pattern) { return matches_host(pattern, host); });
}

bool same_target(const Target& a, const Target& b) {
  const bool both = a.credentials != nullptr && b.credentials != nullptr;
  if (both ? *a.credentials != *b.credentials : a.credentials != b.credentials) return false;
  // The rest is left to the compiler, so that a new member cannot be forgotten here.
  Target rest = b;
  rest.credentials = a.credentials;
  return a == rest;
}

}  // namespace sre
