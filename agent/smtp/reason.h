#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sre {

// Why a run ended as it did: the closed set behind the `reason` label. What each one means, and
// what to do, is told by the knowledge base; here it is only the vocabulary, so that the session
// can name what it finds itself (a refused connection, an expired certificate) in the same words.
enum class Reason : std::uint8_t {
  // ok
  ok,
  // auth
  auth_required,
  auth_credentials_invalid,
  auth_app_password_required,
  auth_web_login_required,
  auth_method_disabled,
  auth_policy_denied,
  auth_account_disabled,
  auth_password_expired,
  auth_mechanism_unsupported,
  auth_mechanism_too_weak,
  auth_encryption_required,
  auth_not_offered,
  auth_exchange_error,
  auth_rate_limited,
  auth_temporary_failure,
  // sender
  send_as_denied,
  sender_not_verified,
  sender_account_blocked,
  sender_rejected,
  sender_address_invalid,
  sender_domain_invalid,
  // tls
  starttls_required,
  starttls_not_offered,
  starttls_unavailable,
  tls_version_unsupported,
  tls_handshake_failed,
  tls_policy_unmet,
  certificate_expired,
  certificate_untrusted,
  certificate_name_mismatch,
  // policy
  relay_denied,
  access_denied,
  helo_rejected,
  reverse_dns_failed,
  spf_failed,
  dkim_failed,
  dmarc_failed,
  message_auth_failed,
  content_rejected,
  message_malformed,
  spam_detected,
  virus_detected,
  recipient_restricted,
  policy_rejected,
  // reputation
  ip_blocklisted,
  domain_blocklisted,
  reputation_poor,
  // rate
  greylisted,
  rate_limited,
  too_many_connections,
  too_many_recipients,
  too_many_errors,
  quota_exceeded,
  // mailbox
  mailbox_unknown,
  mailbox_disabled,
  mailbox_full,
  mailbox_moved,
  mailbox_unavailable,
  recipient_address_invalid,
  recipient_domain_invalid,
  // size
  message_too_large,
  storage_full,
  // protocol
  command_unsupported,
  syntax_error,
  bad_sequence,
  parameter_unsupported,
  line_too_long,
  synchronization_error,
  eai_unsupported,
  protocol_violation,
  unexpected_reply,
  unexpected_acceptance,
  capability_missing,
  // server
  service_unavailable,
  server_busy,
  server_error,
  server_timeout,
  no_mail_service,
  mail_loop,
  upstream_failure,
  // network
  dns_not_found,
  dns_failure,
  connection_refused,
  connect_timeout,
  network_unreachable,
  connection_lost,
  read_timeout,
  // fallback
  transient_failure,
  permanent_failure,
  internal_error,
};

inline constexpr std::size_t kReasonCount = static_cast<std::size_t>(Reason::internal_error) + 1;

// The slug, such as "auth_credentials_invalid".
std::string_view to_string(Reason reason);
std::optional<Reason> parse_reason(std::string_view slug);

}  // namespace sre
