#include "agent/web/external_url.h"

#include <fmt/format.h>

#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>
#include <cstdint>
#include <system_error>

#include "agent/base/text.h"

namespace sre {
namespace {

// Boost.URL 1.81 takes any number for a port and gives its last 16 bits.
bool is_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc{} && end == text.data() + text.size() && port != 0;
}

bool is_plain_path(const std::string& path) {
  const auto ended = path + "/";
  return ended.find("/./") == std::string::npos && ended.find("/../") == std::string::npos &&
         path.find("//") == std::string::npos;
}

// RFC 6454 section 6.1: in lower case, and without a port that goes without saying.
std::string origin_of(const boost::urls::url_view& url) {
  const auto origin = to_lower(std::string(url.scheme()) + "://" + std::string(url.encoded_host()));
  const std::string port(url.port());
  const auto* usual = url.scheme_id() == boost::urls::scheme::https ? "443" : "80";
  return port.empty() || port == usual ? origin : origin + ":" + port;
}

}  // namespace

Result<ExternalUrl> parse_external_url(std::string_view text) {
  // An address with a password in it is not repeated.
  const auto shown = text.find('@') == std::string_view::npos
                         ? fmt::format("\"{}\"", printable(text, 200))
                         : "the address given";
  const auto fail = [&shown](std::string_view what) {
    return failure(
        fmt::format("{} {}; write one such as https://mon.example.com/smtp", shown, what));
  };
  const auto parsed = boost::urls::parse_uri(boost::urls::string_view(text.data(), text.size()));
  if (!parsed) return fail("is no URL");
  const auto& url = parsed.value();
  const auto scheme = url.scheme_id();
  if (scheme != boost::urls::scheme::http && scheme != boost::urls::scheme::https) {
    return fail("begins with neither http:// nor https://");
  }
  if (url.encoded_host().empty()) return fail("has no host");
  if (!url.port().empty() && !is_port(std::string(url.port()))) {
    return fail("has no port from 1 to 65535");
  }
  if (url.has_userinfo()) return fail("has a user name in it, which links cannot carry");
  if (!is_plain_path(std::string(url.encoded_path()))) {
    return fail("has a path with //, . or .. in it, which browsers read in their own way");
  }
  if (url.has_query() || url.has_fragment()) return fail("has more than a path behind the host");
  ExternalUrl external{origin_of(url), std::string(url.encoded_path())};
  while (external.path.ends_with('/')) external.path.pop_back();
  return external;
}

}  // namespace sre
