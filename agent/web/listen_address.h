#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "agent/base/result.h"

namespace sre {

// Where to listen, as exporters write it.
struct ListenAddress {
  std::string host;  // a name or an address without brackets; empty: every address of the machine
  std::uint16_t port = 0;  // 0: any free one
};

// Reads "host:port", ":10235" or "[::1]:10235". The error names the text and shows the right form.
Result<ListenAddress> parse_listen_address(std::string_view text);

}  // namespace sre
