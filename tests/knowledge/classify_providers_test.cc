#include <gmock/gmock.h>

#include <string>

#include "agent/knowledge/knowledge.h"

namespace sre {
namespace {

// What a server or provider is known to say, and what it means by it.
struct Saying {
  const char* who;
  Phase phase;
  const char* reply;
  Reason reason;
};

void PrintTo(const Saying& saying, std::ostream* out) {
  *out << saying.who << ": " << saying.reply;
}

class ClassifyProvider : public testing::TestWithParam<Saying> {};

TEST_P(ClassifyProvider, MeansWhatItIsKnownToMean) {
  const auto& [who, phase, reply, reason] = GetParam();
  const auto got = Knowledge::built_in()->classify(phase, Reply::from_text(reply));
  EXPECT_EQ(to_string(got.reason), to_string(reason)) << "by " << got.rule_id;
}

constexpr Saying kAtLogin[] = {
    {"Gmail", Phase::auth,
     "534-5.7.9 Application-specific password required. Learn more at\n"
     "534 5.7.9  https://support.google.com/mail/?p=InvalidSecondFactor ab1 - gsmtp",
     Reason::auth_app_password_required},
    {"Gmail", Phase::auth,
     "535-5.7.8 Username and Password not accepted. For more information, go to\n"
     "535 5.7.8  https://support.google.com/mail/?p=BadCredentials ab1 - gsmtp",
     Reason::auth_credentials_invalid},
    {"Gmail", Phase::auth,
     "534-5.7.14 Please log in via your web browser and\n534-5.7.14 then try again.\n534 5.7.14 "
     "ab1 "
     "- gsmtp",
     Reason::auth_web_login_required},
    {"Gmail", Phase::auth, "454 4.7.0 Too many login attempts, please try again later. ab1 - gsmtp",
     Reason::auth_rate_limited},
    {"Gmail", Phase::mail, "530 5.5.1 Authentication Required. ab1 - gsmtp", Reason::auth_required},
    {"Outlook", Phase::auth,
     "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the "
     "Mailbox.",
     Reason::auth_method_disabled},
    {"Outlook", Phase::auth,
     "535 5.7.139 Authentication unsuccessful, the user credentials were incorrect.",
     Reason::auth_credentials_invalid},
    {"Outlook", Phase::auth,
     "535 5.7.139 Authentication unsuccessful, user is locked by your organization's security "
     "defaults policy.",
     Reason::auth_policy_denied},
    {"Outlook", Phase::auth,
     "535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be "
     "authenticated successfully.",
     Reason::auth_policy_denied},
    {"Outlook", Phase::auth, "535 5.7.139 Authentication unsuccessful, account locked.",
     Reason::auth_account_disabled},
    {"Exchange", Phase::auth, "535 5.7.3 Authentication unsuccessful",
     Reason::auth_credentials_invalid},
    {"Exchange", Phase::auth, "504 5.7.4 Unrecognized authentication type [X1]",
     Reason::auth_mechanism_unsupported},
    {"Yahoo", Phase::auth, "535 5.7.0 (#AUTH005) Too many bad auth attempts.",
     Reason::auth_rate_limited},
    {"Mail.ru", Phase::auth,
     "535 5.7.0 NEOBHODIM parol prilozheniya https://help.mail.ru/ Application password is "
     "REQUIRED",
     Reason::auth_app_password_required},
    {"QQ", Phase::auth, "535 Login Fail. Please enter your authorization code to login.",
     Reason::auth_app_password_required},
    {"Alibaba", Phase::auth, "526 Authentication failure[12]", Reason::auth_credentials_invalid},
    {"Brevo", Phase::auth, "525 5.7.1 Unauthorized IP address", Reason::auth_policy_denied},
    {"SendGrid", Phase::auth, "451 Authentication failed: Maximum credits exceeded",
     Reason::quota_exceeded},
    {"Mailtrap", Phase::auth, "535 5.7.0 The email limit is reached. Please upgrade your plan",
     Reason::quota_exceeded},
    {"Postfix", Phase::auth, "535 5.7.8 Error: authentication failed: (reason unavailable)",
     Reason::auth_credentials_invalid},
    {"Postfix", Phase::auth, "535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6",
     Reason::auth_credentials_invalid},
    {"Postfix", Phase::auth, "503 5.5.1 Error: authentication not enabled",
     Reason::auth_not_offered},
    {"Postfix", Phase::auth,
     "454 4.7.0 Temporary authentication failure: Connection lost to authentication server",
     Reason::auth_temporary_failure},
    {"Postfix", Phase::auth, "450 4.7.1 Error: too many AUTH commands from 198.51.100.7",
     Reason::auth_rate_limited},
    {"Postfix", Phase::auth, "530 5.7.0 Must issue a STARTTLS command first",
     Reason::starttls_required},
    {"Dovecot", Phase::auth, "535 5.7.8 Authentication failed.", Reason::auth_credentials_invalid},
    {"Exim", Phase::auth, "535 Incorrect authentication data", Reason::auth_credentials_invalid},
    {"Exim", Phase::auth, "435 Unable to authenticate at present: lookup deferred",
     Reason::auth_temporary_failure},
    {"Exim", Phase::auth, "503 AUTH command used when not advertised", Reason::auth_not_offered},
    {"OpenSMTPD", Phase::auth, "530 5.5.1 Invalid command: Must issue a STARTTLS command first",
     Reason::starttls_required},
    {"Dovecot", Phase::auth, "535 5.7.1 Authentication failed: user over quota",
     Reason::quota_exceeded},
    {"a server without AUTH", Phase::auth, "502 5.5.1 Error: command not implemented",
     Reason::auth_not_offered},
    {"mox", Phase::auth, "538 5.7.11 authentication requires tls",
     Reason::auth_encryption_required},
};

constexpr Saying kAfterLogin[] = {
    {"Courier", Phase::mail, "535 Authentication required.", Reason::auth_required},
    {"OpenSMTPD", Phase::mail, "530 5.5.1 Invalid command: Must issue an AUTH command first",
     Reason::auth_required},
    {"Postfix", Phase::rcpt,
     "553 5.7.1 <boss@example.net>: Sender address rejected: not owned by user worker",
     Reason::send_as_denied},
    {"Postfix", Phase::rcpt, "553 5.7.1 <boss@example.net>: Sender address rejected: not logged in",
     Reason::auth_required},
    {"Postfix", Phase::rcpt, "554 5.7.1 <a@example.org>: Relay access denied",
     Reason::relay_denied},
    {"Postfix", Phase::rcpt,
     "550 5.1.1 <a@example.net>: Recipient address rejected: User unknown in local recipient table",
     Reason::mailbox_unknown},
    {"Postfix", Phase::rcpt,
     "554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using bl.example.org",
     Reason::ip_blocklisted},
    {"Postfix", Phase::rcpt, "450 4.7.1 <x>: Helo command rejected: Host not found",
     Reason::helo_rejected},
    {"Postfix", Phase::rcpt, "421 4.7.0 mx.example.net Error: too many errors",
     Reason::too_many_errors},
    {"Postfix", Phase::starttls, "454 4.7.0 TLS not available due to local problem",
     Reason::starttls_unavailable},
    {"postgrey", Phase::rcpt,
     "450 4.2.0 <a@example.net>: Recipient address rejected: Greylisted, see "
     "http://postgrey.example",
     Reason::greylisted},
    {"Exim", Phase::rcpt, "550 relay not permitted", Reason::relay_denied},
    {"Exim", Phase::rcpt, "550 Unrouteable address", Reason::recipient_domain_invalid},
    {"Exim", Phase::banner, "554 SMTP synchronization error", Reason::synchronization_error},
    {"Sendmail", Phase::rcpt, "550 5.7.1 <a@example.org>... Relaying denied", Reason::relay_denied},
    {"Sendmail", Phase::starttls, "454 4.3.3 TLS not available after start",
     Reason::starttls_unavailable},
    {"qmail", Phase::rcpt, "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
     Reason::relay_denied},
    {"Outlook", Phase::message,
     "554 5.2.252 SendAsDenied; a@example.net not allowed to send as b@example.net",
     Reason::send_as_denied},
    {"Outlook", Phase::message,
     "432 4.3.2 Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending",
     Reason::too_many_connections},
    {"Outlook", Phase::auth, "421 4.7.66 TLS 1.0 and 1.1 are not supported.",
     Reason::tls_version_unsupported},
    {"Exchange", Phase::mail, "451 4.7.0 Temporary server error. Please try again later. PRX2",
     Reason::upstream_failure},
    {"Exchange", Phase::mail, "452 4.3.1 Insufficient system resources (UsedDiskSpace[C:])",
     Reason::server_busy},
    {"Gmail", Phase::ehlo, "421 4.7.0 Try again later, closing connection. (EHLO) ab1 - gsmtp",
     Reason::helo_rejected},
    {"Gmail", Phase::message, "550 5.4.5 Daily user sending limit exceeded. ab1 - gsmtp",
     Reason::quota_exceeded},
    {"Zoho", Phase::mail, "553 Relaying disallowed as other@example.net", Reason::send_as_denied},
    {"Zoho", Phase::message, "550 5.4.6 Unusual sending activity detected.",
     Reason::sender_account_blocked},
    {"QQ", Phase::mail, "501 mail from address must be same as authorization user",
     Reason::send_as_denied},
    {"Fastmail", Phase::message, "551 5.7.1 Not authorised to send from this header address",
     Reason::send_as_denied},
    {"iCloud", Phase::mail, "550 5.7.0 From address is not one of your addresses",
     Reason::send_as_denied},
    {"SES", Phase::message,
     "554 Message rejected: Email address is not verified. The following identities failed the "
     "check in region EU-WEST-1: a@example.net",
     Reason::sender_not_verified},
    {"SES", Phase::message, "454 Throttling failure: Daily message quota exceeded.",
     Reason::quota_exceeded},
    {"Mailgun", Phase::message,
     "421 Domain sandbox1.mailgun.org is not allowed to send: Free accounts are for test purposes "
     "only.",
     Reason::sender_not_verified},
    {"Outlook", Phase::rcpt,
     "550 5.4.1 Recipient address rejected: Access denied. [X1.eur.prod.protection.outlook.com]",
     Reason::mailbox_unknown},
    {"Outlook", Phase::banner, "550 SC-001 Unfortunately, messages from 192.0.2.9 weren't sent.",
     Reason::reputation_poor},
    {"NetEase", Phase::banner, "421 HL:ICC mx3 too many", Reason::too_many_connections},
    {"amavis", Phase::message, "554 5.7.0 Reject, id=00042-07 - BANNED: .exe,notes.exe",
     Reason::content_rejected},
    {"Postfix", Phase::rcpt,
     "504 5.5.2 <boss>: Sender address rejected: need fully-qualified address",
     Reason::sender_address_invalid},
    {"Postfix", Phase::starttls, "554 5.5.1 Error: TLS already active", Reason::bad_sequence},
    {"Outlook", Phase::ehlo, "550 5.7.506 Access denied: bad HELO", Reason::helo_rejected},
    {"Outlook", Phase::mail, "550 5.7.708 Access denied, traffic from this IP is not accepted",
     Reason::ip_blocklisted},
    {"Outlook", Phase::mail, "421 RP-002 Unfortunately, some messages from 192.0.2.9 weren't sent.",
     Reason::too_many_connections},
    {"Gmail", Phase::mail, "421 4.4.5 Server busy, try again later. ab1 - gsmtp",
     Reason::server_busy},
    {"Orange", Phase::rcpt, "552 5.1.1 Boite du destinataire pleine. OFR_417",
     Reason::mailbox_full},
    {"NetEase", Phase::mail, "450 RP:CEL mx5 abc", Reason::too_many_errors},
    {"Postfix", Phase::ehlo, "521 5.5.1 Protocol error", Reason::synchronization_error},
    {"cPanel", Phase::rcpt, "550 Outgoing mail from \"example.net\" has been suspended.",
     Reason::sender_account_blocked},
    {"Brevo", Phase::data, "502 5.7.0 Your SMTP account is not yet activated.",
     Reason::sender_account_blocked},
};

INSTANTIATE_TEST_SUITE_P(AtLogin, ClassifyProvider, testing::ValuesIn(kAtLogin));
INSTANTIATE_TEST_SUITE_P(AfterLogin, ClassifyProvider, testing::ValuesIn(kAfterLogin));

}  // namespace
}  // namespace sre
