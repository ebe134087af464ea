#include "agent/smtp/reason.h"

#include <algorithm>
#include <array>

namespace sre {
namespace {

// In the order of the enumeration.
constexpr std::array<std::string_view, kReasonCount> kSlugs = {
    "ok",
    "auth_required",
    "auth_credentials_invalid",
    "auth_app_password_required",
    "auth_web_login_required",
    "auth_method_disabled",
    "auth_policy_denied",
    "auth_account_disabled",
    "auth_password_expired",
    "auth_mechanism_unsupported",
    "auth_mechanism_too_weak",
    "auth_encryption_required",
    "auth_not_offered",
    "auth_exchange_error",
    "auth_rate_limited",
    "auth_temporary_failure",
    "send_as_denied",
    "sender_not_verified",
    "sender_account_blocked",
    "sender_rejected",
    "sender_address_invalid",
    "sender_domain_invalid",
    "starttls_required",
    "starttls_not_offered",
    "starttls_unavailable",
    "tls_version_unsupported",
    "tls_handshake_failed",
    "tls_policy_unmet",
    "certificate_expired",
    "certificate_untrusted",
    "certificate_name_mismatch",
    "relay_denied",
    "access_denied",
    "helo_rejected",
    "reverse_dns_failed",
    "spf_failed",
    "dkim_failed",
    "dmarc_failed",
    "message_auth_failed",
    "content_rejected",
    "message_malformed",
    "spam_detected",
    "virus_detected",
    "recipient_restricted",
    "policy_rejected",
    "ip_blocklisted",
    "domain_blocklisted",
    "reputation_poor",
    "greylisted",
    "rate_limited",
    "too_many_connections",
    "too_many_recipients",
    "too_many_errors",
    "quota_exceeded",
    "mailbox_unknown",
    "mailbox_disabled",
    "mailbox_full",
    "mailbox_moved",
    "mailbox_unavailable",
    "recipient_address_invalid",
    "recipient_domain_invalid",
    "message_too_large",
    "storage_full",
    "command_unsupported",
    "syntax_error",
    "bad_sequence",
    "parameter_unsupported",
    "line_too_long",
    "synchronization_error",
    "eai_unsupported",
    "protocol_violation",
    "unexpected_reply",
    "unexpected_acceptance",
    "capability_missing",
    "service_unavailable",
    "server_busy",
    "server_error",
    "server_timeout",
    "no_mail_service",
    "mail_loop",
    "upstream_failure",
    "dns_not_found",
    "dns_failure",
    "connection_refused",
    "connect_timeout",
    "network_unreachable",
    "connection_lost",
    "read_timeout",
    "transient_failure",
    "permanent_failure",
    "internal_error",
};

}  // namespace

std::string_view to_string(Reason reason) { return kSlugs[static_cast<std::size_t>(reason)]; }

std::optional<Reason> parse_reason(std::string_view slug) {
  const auto found = std::find(kSlugs.begin(), kSlugs.end(), slug);
  if (found == kSlugs.end()) return std::nullopt;
  return static_cast<Reason>(found - kSlugs.begin());
}

}  // namespace sre
