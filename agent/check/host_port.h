#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "agent/base/result.h"

namespace sre {

// A server as people write it on a command line and in a URL.
struct HostPort {
  std::string host;  // without brackets; whether it is a host at all is check_host()'s business
  std::optional<std::uint16_t> port;
};

// Reads "mx.example.com", "mx.example.com:25", "192.0.2.1:25", "2001:db8::1", "[2001:db8::1]" and
// "[2001:db8::1]:25". The Error says what is wrong with any other text.
Result<HostPort> parse_host_port(std::string_view text);

// The inverse, with brackets where the host has colons: "[2001:db8::1]:25".
std::string host_port_text(std::string_view host, std::uint16_t port);

// Whether a host fits a pattern of matches_glob(). One of digits, dots and stars alone,
// "192.0.2.*", means addresses: no name fits it, for anybody can have one such as
// 192.0.2.example.org. A pattern may stand for the host, and fits where all that it stands for
// does.
bool matches_host(std::string_view pattern, std::string_view host);

}  // namespace sre
