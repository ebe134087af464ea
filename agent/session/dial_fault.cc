#include "agent/session/dial_fault.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <system_error>

#include "agent/base/fault.h"
#include "agent/base/text.h"
#include "agent/session/missing_reply.h"

namespace sre {
namespace {

bool contains_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return text.find(word) != std::string_view::npos;
  });
}

Fault no_connection(long os_error) {
  const auto words = std::system_category().message(static_cast<int>(os_error));
  switch (os_error) {
    case ECONNREFUSED:
      return {Phase::connect, Reason::connection_refused, words};
    case ETIMEDOUT:
      return {Phase::connect, Reason::connect_timeout, words};
    case ECONNRESET:
    case EPIPE:
      return {Phase::connect, Reason::connection_lost, words};
    default:
      return {Phase::connect, Reason::network_unreachable,
              os_error == 0 ? "no connection could be made" : words};
  }
}

// OpenSSL's words, as libcurl passes them on.
Fault failed_handshake(std::string_view text) {
  const auto detail = std::string(text.empty() ? "the TLS handshake failed" : text);
  const bool version =
      contains_any(text, {"unsupported protocol", "no protocols available", "protocol version",
                          "version too low", "no shared cipher", "no ciphers available",
                          "handshake failure", "dh key too small", "legacy sigalg disallowed"});
  const bool other_protocol = contains_any(text, {"wrong version number"});
  const Reason reason =
      version && !other_protocol ? Reason::tls_version_unsupported : Reason::tls_handshake_failed;
  return {Phase::tls, reason, detail};
}

std::optional<Fault> no_starttls(const DialEnd& end) {
  if (end.phase == Phase::starttls && end.last_reply != nullptr) return std::nullopt;
  if (end.ehlo != nullptr && end.ehlo->offers("STARTTLS")) {
    return Fault{Phase::starttls, Reason::starttls_not_offered,
                 "EHLO offers STARTTLS in lower case, which libcurl does not recognise"};
  }
  return Fault{Phase::starttls, Reason::starttls_not_offered, "EHLO does not offer STARTTLS"};
}

// What OpenSSL says where it had no memory.
bool lacks_memory(const DialEnd& end) {
  return end.result == CURLE_OUT_OF_MEMORY || contains_any(end.error_text, {"malloc failure"});
}

}  // namespace

std::optional<Fault> explain(const DialEnd& end) {
  if (lacks_memory(end)) {
    return Fault{end.phase, Reason::internal_error, describe_local_fault(ENOMEM)};
  }
  if (is_local_fault(static_cast<int>(end.os_error)) && !end.connected) {
    return Fault{Phase::connect, Reason::internal_error,
                 describe_local_fault(static_cast<int>(end.os_error))};
  }
  if (end.result == CURLE_INTERFACE_FAILED) {
    return Fault{
        Phase::connect, Reason::internal_error,
        fmt::format("source_address {} is not an address of this machine", end.source_address)};
  }
  if (end.os_error == EADDRNOTAVAIL && !end.connected && end.to_v4 && end.source_address.empty()) {
    // For IPv6 it may also say that there is no address of that kind here.
    return Fault{Phase::connect, Reason::internal_error,
                 "no local port is free (net.ipv4.ip_local_port_range)"};
  }
  if (end.result == CURLE_USE_SSL_FAILED) return no_starttls(end);
  if (!end.connected) return no_connection(end.os_error);
  if (contains_any(end.error_text, {"Too large response", "Excessive server response"})) {
    return Fault{end.phase, Reason::protocol_violation, "an endless reply, or one far too long"};
  }
  // libcurl looks before it shakes hands whether more than the 220 has come, and then sends nothing
  // (CVE-2011-0411 and its kin).
  if (end.phase == Phase::tls && end.result == CURLE_WEIRD_SERVER_REPLY) {
    return Fault{Phase::starttls, Reason::protocol_violation,
                 "plain text came behind the 220 that should have begun TLS: something on the way "
                 "may be putting commands in before TLS (an attack of the kind of CVE-2011-0411)"};
  }
  if (end.phase == Phase::tls || end.result == CURLE_SSL_CONNECT_ERROR) {
    return failed_handshake(end.error_text);
  }
  const bool refused =
      end.result == CURLE_WEIRD_SERVER_REPLY || end.result == CURLE_REMOTE_ACCESS_DENIED;
  if (refused && end.last_reply != nullptr) return std::nullopt;
  return Fault{end.phase, Reason::connection_lost, std::string(cut_off(end.reply_began))};
}

}  // namespace sre
