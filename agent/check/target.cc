#include "agent/check/target.h"

#include <algorithm>

#include "agent/check/host_port.h"

namespace sre {
namespace {

template <class Enum, class Names>
std::optional<Enum> parse(const Names& names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

}  // namespace

std::string_view to_string(TlsMode mode) { return kTlsModes[static_cast<std::size_t>(mode)]; }

std::optional<TlsMode> parse_tls_mode(std::string_view name) {
  return parse<TlsMode>(kTlsModes, name);
}

std::string_view to_string(IpFamily family) {
  return kIpFamilies[static_cast<std::size_t>(family)];
}

std::optional<IpFamily> parse_ip_family(std::string_view name) {
  return parse<IpFamily>(kIpFamilies, name);
}

std::string_view to_string(AddressChoice choice) {
  return kAddressChoices[static_cast<std::size_t>(choice)];
}

std::optional<AddressChoice> parse_address_choice(std::string_view name) {
  return parse<AddressChoice>(kAddressChoices, name);
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
