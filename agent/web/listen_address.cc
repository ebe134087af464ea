#include "agent/web/listen_address.h"

#include <fmt/format.h>

#include <charconv>

#include "agent/base/text.h"

namespace sre {
namespace {

tl::unexpected<Error> malformed(std::string_view text, std::string_view what) {
  return failure(fmt::format("listen address \"{}\": {}; write host:port, :10235 or [::1]:10235",
                             printable(text, 200), what));
}

}  // namespace

Result<ListenAddress> parse_listen_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return malformed(text, "the port is missing");
  auto host = text.substr(0, colon);
  const auto port = text.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
    if (host.empty()) return malformed(text, "there is no address between the brackets");
  } else if (host.find_first_of(":[]") != std::string_view::npos) {
    return malformed(text, "an IPv6 address stands in brackets");
  }
  ListenAddress address{std::string(host), 0};
  const auto end = port.data() + port.size();
  const auto [stop, error] = std::from_chars(port.data(), end, address.port);
  if (port.empty() || error != std::errc{} || stop != end) {
    return malformed(text, "the port is no number from 0 to 65535");
  }
  return address;
}

}  // namespace sre
