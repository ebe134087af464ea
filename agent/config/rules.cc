#include "agent/config/rules.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "agent/base/problems.h"
#include "agent/base/text.h"

namespace sre {
namespace {

constexpr std::size_t kLongestName = 64;
constexpr std::size_t kLongestDomain = 253;  // RFC 1035 section 2.3.4, without the final dot
constexpr std::size_t kLongestLabel = 63;
constexpr std::size_t kLongestMailbox = 254;  // RFC 5321 section 4.5.3.1.3, without < and >

constexpr std::array<std::string_view, 10> kMechanisms = {
    "auto",          "PLAIN",   "LOGIN",       "CRAM-MD5", "SCRAM-SHA-1",
    "SCRAM-SHA-256", "XOAUTH2", "OAUTHBEARER", "NTLM",     "EXTERNAL"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_alphanumeric(char c) { return is_letter(c) || is_digit(c); }

// Underscores are no host name's by RFC 1123, and yet in use.
bool is_domain_label(std::string_view label) {
  return !label.empty() && label.size() <= kLongestLabel && label.front() != '-' &&
         label.back() != '-' && std::all_of(label.begin(), label.end(), [](char c) {
           return is_alphanumeric(c) || c == '-' || c == '_';
         });
}

bool is_domain(std::string_view text) {
  if (text.size() > kLongestDomain) return false;
  while (true) {
    const auto dot = text.find('.');
    if (!is_domain_label(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

// The C library knows the notations of addresses (RFC 4291 section 2.2) best.
bool parses_as(int family, std::string_view text) {
  std::array<unsigned char, sizeof(in6_addr)> parsed;
  // inet_pton() reads up to a NUL.
  const bool whole = text.find('\0') == std::string_view::npos;
  return whole && inet_pton(family, std::string(text).c_str(), parsed.data()) == 1;
}
bool is_ipv4(std::string_view text) { return parses_as(AF_INET, text); }
bool is_ipv6(std::string_view text) { return parses_as(AF_INET6, text); }

// "192.0.2.300" is no address, and as a name nobody could have it: a top-level domain has letters.
bool looks_like_ipv4(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || c == '.'; });
}

bool is_host(std::string_view text) {
  return is_ipv4(text) || is_ipv6(text) || (is_domain(text) && !looks_like_ipv4(text));
}

bool is_port(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && value >= 1 && value <= 65535;
}

// Quoted local parts are let through as they are; a space in one would end the command's argument
// in the eyes of some servers, so there is none. CR and LF would begin another command.
bool is_mailbox(std::string_view text) {
  const auto at = text.rfind('@');
  if (at == std::string_view::npos || at == 0 || text.size() > kLongestMailbox) return false;
  const auto clean = [](char c) { return c > ' ' && c < '\x7F' && c != '<' && c != '>'; };
  if (!std::all_of(text.begin(), text.end(), clean)) return false;
  const auto domain = text.substr(at + 1);
  return check_helo(domain).has_value();
}

// Nothing where the rule is kept, else `text` and what is wrong with it.
Result<void> keeps(bool rule, std::string_view text, std::string_view otherwise) {
  if (rule) return {};
  return failure(fmt::format("{} {}", in_quotes(text), otherwise));
}

}  // namespace

Result<void> check_name(std::string_view text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return is_alphanumeric(c) || c == '.' || c == '_' || c == '-';
  });
  const bool sized = !text.empty() && text.size() <= kLongestName && text != "." && text != "..";
  return keeps(plain && sized, text,
               "cannot be part of a URL; write 1 to 64 letters, digits, dots, underscores and "
               "hyphens");
}

Result<void> check_host(std::string_view text) {
  return keeps(is_host(text), text,
               "is neither a host name nor an address; write \"smtp.example.com\", \"192.0.2.1\" "
               "or \"2001:db8::1\", without brackets, port or final dot");
}

Result<void> check_domain(std::string_view text) {
  return keeps(is_domain(text) && !looks_like_ipv4(text), text,
               "is no domain; write one such as \"example.com\", without a final dot");
}

Result<void> check_address(std::string_view text) {
  return keeps(is_ipv4(text) || is_ipv6(text), text,
               "is no address; write one such as \"192.0.2.1\" or \"2001:db8::1\"");
}

Result<void> check_helo(std::string_view text) {
  const bool bracketed = text.size() > 2 && text.front() == '[' && text.back() == ']';
  const auto inside = bracketed ? text.substr(1, text.size() - 2) : std::string_view();
  const bool literal =
      is_ipv4(inside) || (starts_with_ignoring_case(inside, "IPv6:") && is_ipv6(inside.substr(5)));
  return keeps(literal || (is_domain(text) && !looks_like_ipv4(text)), text,
               "cannot follow EHLO; write a domain such as \"monitor.example.com\" or an address "
               "literal such as \"[192.0.2.1]\"");
}

Result<void> check_sender(std::string_view text) {
  return keeps(text.empty() || is_mailbox(text), text,
               "is no sender; write an address such as \"probe@example.com\" without angle "
               "brackets, spaces and letters beyond ASCII, or \"\" for the null sender");
}

Result<void> check_recipient(std::string_view text) {
  return keeps(equal_ignoring_case(text, "postmaster") || is_mailbox(text), text,
               "is no recipient; write an address such as \"postmaster@example.com\" without angle "
               "brackets, spaces and letters beyond ASCII");
}

Result<void> check_label(std::string_view text) {
  constexpr std::array<std::string_view, 4> kOurs = {"target", "host", "port", "tls"};
  if (std::find(kOurs.begin(), kOurs.end(), text) != kOurs.end()) {
    return failure(fmt::format("{} is a label of smtp_target_info already; choose another name",
                               in_quotes(text)));
  }
  const bool spelt =
      !text.empty() && !is_digit(text.front()) && !text.starts_with("__") &&
      std::all_of(text.begin(), text.end(), [](char c) { return is_alphanumeric(c) || c == '_'; });
  return keeps(spelt, text,
               "is no label name; write letters, digits and underscores, no digit first, not two "
               "underscores first");
}

Result<void> check_username(std::string_view text) {
  const bool clean = std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '\x7F';
  });
  return keeps(clean && !text.empty(), text,
               "is no user name; write it without control characters, and not empty");
}

Result<void> check_host_pattern(std::string_view text) {
  if (!text.empty() && text.find_first_not_of("*.:") == std::string_view::npos) {
    return failure(
        fmt::format("{} would send the secret anywhere; name the hosts, such as "
                    "\"*.example.com\"",
                    in_quotes(text)));
  }
  const bool spelt = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_alphanumeric(c) || std::string_view("-_.*:").find(c) != std::string_view::npos;
  });
  // A single colon is a port in the wrong place; an IPv6 address has two at least.
  const bool no_port = std::count(text.begin(), text.end(), ':') != 1;
  return keeps(spelt && no_port, text,
               "is no host pattern; write a host name or address, * for any part, without a port");
}

Result<void> check_target_pattern(std::string_view text) {
  const auto colon = text.rfind(':');
  const bool split = colon != std::string_view::npos && colon > 0;
  const auto host = text.substr(0, split ? colon : 0);
  const auto port = text.substr(split ? colon + 1 : text.size());
  const bool spelt = std::all_of(host.begin(), host.end(), [](char c) {
    return is_alphanumeric(c) || std::string_view("-_.*:[]").find(c) != std::string_view::npos;
  });
  return keeps(split && spelt && (port == "*" || is_port(port)), text,
               "is no pattern of targets; write host and port, * for any part, such as "
               "\"*.example.com:587\"");
}

Result<std::string> dns_server(std::string_view text) {
  if (is_ipv4(text)) return fmt::format("{}:53", text);
  if (is_ipv6(text)) return fmt::format("[{}]:53", text);
  const auto colon = text.rfind(':');
  if (colon != std::string_view::npos && is_port(text.substr(colon + 1))) {
    const auto host = text.substr(0, colon);
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (is_ipv4(host) || (bracketed && is_ipv6(host.substr(1, host.size() - 2)))) {
      return std::string(text);
    }
  }
  return failure(
      fmt::format("{} is no DNS server; write address and port, such as "
                  "\"192.0.2.53:53\" or \"[2001:db8::53]:53\"",
                  in_quotes(text)));
}

std::span<const std::string_view> mechanism_names() { return kMechanisms; }

std::optional<std::string> parse_mechanism(std::string_view text) {
  for (const auto known : kMechanisms) {
    if (equal_ignoring_case(known, text)) return std::string(known);
  }
  return std::nullopt;
}

bool exposes_credentials(const Target& target) {
  const bool clear = target.tls == TlsMode::none || target.tls == TlsMode::opportunistic;
  return target.credentials != nullptr && clear && !target.allow_cleartext_login;
}

bool lacks_credentials(const Check& check) {
  return traits(check.kind).login == Login::required && check.target->credentials == nullptr;
}

bool lacks_recipient(const Check& check) { return check.until >= Phase::rcpt && check.to.empty(); }

bool lacks_tls(const Check& check) {
  return check.kind == Kind::tls && check.target->tls == TlsMode::none;
}

}  // namespace sre
