#include "agent/check/host_port.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "agent/base/text.h"

namespace sre {
namespace {

bool is_of_numbers(std::string_view text) {
  return text.find_first_not_of("0123456789.*") == std::string_view::npos &&
         text.find_first_of("0123456789") != std::string_view::npos;
}

}  // namespace

Result<HostPort> parse_host_port(std::string_view text) {
  HostPort parsed;
  auto rest = text;
  if (rest.starts_with('[')) {
    const auto end = rest.find(']');
    if (end == std::string_view::npos) {
      return failure(fmt::format("a ] is missing in \"{}\"", printable(text)));
    }
    parsed.host = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
  } else {
    const bool bare_v6 = std::count(rest.begin(), rest.end(), ':') > 1;
    const auto colon = bare_v6 ? rest.size() : std::min(rest.find(':'), rest.size());
    parsed.host = rest.substr(0, colon);
    rest.remove_prefix(colon);
  }
  if (parsed.host.empty()) return failure("HOST[:PORT] is missing a host");
  if (rest.empty()) return parsed;
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(rest.data() + 1, rest.data() + rest.size(), port);
  if (rest[0] != ':' || error != std::errc{} || end != rest.data() + rest.size() || port == 0) {
    return failure(fmt::format("\"{}\" is not HOST[:PORT]", printable(text)));
  }
  parsed.port = port;
  return parsed;
}

std::string host_port_text(std::string_view host, std::uint16_t port) {
  const bool v6 = host.find(':') != std::string_view::npos;
  return v6 ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

bool matches_host(std::string_view pattern, std::string_view host) {
  if (!matches_glob(pattern, host)) return false;
  const bool v6 = host.find(':') != std::string_view::npos;
  return v6 || !is_of_numbers(pattern) || is_of_numbers(host);
}

}  // namespace sre
