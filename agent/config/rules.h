#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "agent/base/result.h"
#include "agent/check/check.h"

namespace sre {

// What a text in a configuration may be. Each rule answers nothing, or what is wrong with the text
// and what would be right.

// Of a target, check, credentials or module: it becomes part of a URL, so letters, digits, `.`, `_`
// and `-`, 1 to 64 of them, but not "." and "..", which a browser takes away.
Result<void> check_name(std::string_view text);
// A DNS name in ASCII without a final dot, or an IPv4 or IPv6 address without brackets.
Result<void> check_host(std::string_view text);
// A DNS name.
Result<void> check_domain(std::string_view text);
// An IPv4 or IPv6 address.
Result<void> check_address(std::string_view text);
// What EHLO may be followed by: a domain or an address literal (RFC 5321 section 4.1.1.1).
Result<void> check_helo(std::string_view text);
// A path of MAIL FROM: local@domain, or nothing for the null sender (RFC 5321 section 4.1.2),
// ASCII.
Result<void> check_sender(std::string_view text);
// A path of RCPT TO: local@domain, or "postmaster" alone (RFC 5321 section 4.5.1), ASCII.
Result<void> check_recipient(std::string_view text);
// A Prometheus label name that smtp_target_info does not use itself.
Result<void> check_label(std::string_view text);
// A user name: UTF-8 without control characters, not empty.
Result<void> check_username(std::string_view text);
// A host pattern of credentials: `*` and the letters of host names, but not `*` alone.
Result<void> check_host_pattern(std::string_view text);
// A pattern of a probe module: "host:port", `*` in either.
Result<void> check_target_pattern(std::string_view text);
// A DNS server: "192.0.2.1", "192.0.2.1:53", "2001:db8::1" or "[2001:db8::1]:53"; always answered
// with its port.
Result<std::string> dns_server(std::string_view text);

// The SASL mechanisms that credentials may name, as IANA's registry spells them, behind "auto".
std::span<const std::string_view> mechanism_names();
// One of them, written in any case; nothing for another one.
std::optional<std::string> parse_mechanism(std::string_view text);

// What a check may not be, whoever asks for it: a configuration and a command line each say it in
// their own words.

// The credentials could go over the wire in clear, and nobody has said that they may. Whoever sits
// in between can hide STARTTLS, so opportunistic is no better than none here.
bool exposes_credentials(const Target& target);
// The question is about the target's credentials, and there are none.
bool lacks_credentials(const Check& check);
// The dialogue goes as far as RCPT, and there is nobody to name in it.
bool lacks_recipient(const Check& check);
// The question is about TLS, and there is none.
bool lacks_tls(const Check& check);

}  // namespace sre
