#include <gmock/gmock.h>

#include "agent/knowledge/knowledge.h"

namespace sre {
namespace {

Classification classify(std::optional<Phase> phase, std::string_view reply,
                        std::string_view banner = {}) {
  return Knowledge::built_in()->classify(phase, Reply::from_text(reply), banner);
}

Reason reason_of(std::optional<Phase> phase, std::string_view reply, std::string_view banner = {}) {
  return classify(phase, reply, banner).reason;
}

TEST(Classify, IsOkWhereAPositiveReplyBelongs) {
  EXPECT_EQ(reason_of(Phase::banner, "220 mail.example.net ESMTP"), Reason::ok);
  EXPECT_EQ(reason_of(Phase::starttls, "220 2.0.0 go ahead"), Reason::ok);
  EXPECT_EQ(reason_of(Phase::auth, "235 2.7.0 welcome"), Reason::ok);
  EXPECT_EQ(reason_of(Phase::auth, "334 VXNlcm5hbWU6"), Reason::ok);
  EXPECT_EQ(reason_of(Phase::rcpt, "251 will forward"), Reason::ok);
  EXPECT_EQ(reason_of(Phase::data, "354 end with a dot"), Reason::ok);
  EXPECT_EQ(reason_of(Phase::quit, "221 bye"), Reason::ok);
  EXPECT_EQ(reason_of(std::nullopt, "250 ok"), Reason::ok);
}

TEST(Classify, IsUnexpectedWhereAPositiveReplyDoesNotBelong) {
  EXPECT_EQ(reason_of(Phase::banner, "250 hello"), Reason::unexpected_reply);
  EXPECT_EQ(reason_of(Phase::auth, "250 ok"), Reason::unexpected_reply);
  EXPECT_EQ(reason_of(Phase::mail, "354 go"), Reason::unexpected_reply);
  EXPECT_EQ(reason_of(Phase::mail, "299 surprise"), Reason::unexpected_reply);
}

TEST(Classify, ReadsTheTextBeforeTheEnhancedCode) {
  EXPECT_EQ(classify(Phase::rcpt, "550 5.7.1 Relay access denied").rule_id, "relay-denied");
  EXPECT_EQ(reason_of(Phase::rcpt, "550 5.7.1 user unknown"), Reason::mailbox_unknown);
}

TEST(Classify, ReadsAClearEnhancedCodeBeforeVagueWords) {
  EXPECT_EQ(classify(Phase::message, "550 5.7.20 message refused").rule_id, "enhanced-X.7.20");
  EXPECT_EQ(reason_of(Phase::message, "550 5.7.1 message refused"), Reason::policy_rejected);
}

TEST(Classify, ReadsTheCodeByPhaseWhenNothingElseSpeaks) {
  EXPECT_EQ(classify(Phase::rcpt, "550").rule_id, "code-550");
  EXPECT_EQ(reason_of(Phase::rcpt, "550 no"), Reason::mailbox_unknown);
  EXPECT_EQ(reason_of(Phase::message, "550 no"), Reason::permanent_failure);
  EXPECT_EQ(reason_of(Phase::banner, "554 no"), Reason::no_mail_service);
  EXPECT_EQ(reason_of(Phase::starttls, "454 later"), Reason::starttls_unavailable);
  EXPECT_EQ(reason_of(Phase::auth, "454 later"), Reason::auth_temporary_failure);
  EXPECT_EQ(reason_of(Phase::auth, "530 no"), Reason::starttls_required);
  EXPECT_EQ(reason_of(Phase::mail, "530 no"), Reason::auth_required);
}

TEST(Classify, TellsAHostWithoutMailFromACommandOutOfOrder) {
  EXPECT_EQ(reason_of(Phase::banner, "554 no mail here"), Reason::no_mail_service);
  EXPECT_EQ(reason_of(Phase::banner, "521 mx.test does not accept mail"), Reason::no_mail_service);
  EXPECT_EQ(reason_of(Phase::rcpt, "503 5.5.1 no MAIL"), Reason::bad_sequence);
}

TEST(Classify, FallsBackToTheFirstDigit) {
  EXPECT_EQ(classify(Phase::mail, "499 hm").rule_id, "class-4");
  EXPECT_EQ(reason_of(Phase::mail, "499 hm"), Reason::transient_failure);
  EXPECT_EQ(reason_of(Phase::mail, "599 hm"), Reason::permanent_failure);
}

TEST(Classify, TakesTheSameWordsDifferentlyByPhase) {
  EXPECT_EQ(reason_of(Phase::auth, "535 5.7.8 account disabled"), Reason::auth_account_disabled);
  EXPECT_EQ(reason_of(Phase::rcpt, "550 account disabled"), Reason::mailbox_disabled);
  EXPECT_EQ(reason_of(Phase::mail, "550 domain does not exist"), Reason::sender_domain_invalid);
  EXPECT_EQ(reason_of(Phase::rcpt, "550 domain does not exist"), Reason::recipient_domain_invalid);
}

TEST(Classify, KnowsTheSubjectBeforeTheVerb) {
  EXPECT_EQ(reason_of(Phase::rcpt, "450 sender address rejected: unverified address"),
            Reason::sender_rejected);
  EXPECT_EQ(reason_of(Phase::rcpt, "450 recipient address rejected: unverified address"),
            Reason::mailbox_unavailable);
  EXPECT_EQ(reason_of(Phase::rcpt, "550 sender rejected"), Reason::sender_rejected);
  EXPECT_EQ(reason_of(Phase::rcpt, "550 recipient rejected"), Reason::mailbox_unknown);
  EXPECT_EQ(reason_of(Phase::rcpt, "554 client host rejected: go away"), Reason::access_denied);
  EXPECT_EQ(reason_of(Phase::rcpt, "550 HELO name rejected"), Reason::helo_rejected);
}

TEST(Classify, ReadsOnAcrossTheDotsOfAddressesAndHosts) {
  EXPECT_EQ(reason_of(std::nullopt, "550 User <a.b@mail.example.net> has been deactivated"),
            Reason::mailbox_disabled);
  EXPECT_EQ(reason_of(std::nullopt, "550 The recipient a.b@mail.example.net could not be found"),
            Reason::mailbox_unknown);
  EXPECT_EQ(reason_of(Phase::rcpt, "550 Sender domain mail.example.net has no valid MX"),
            Reason::sender_domain_invalid);
  EXPECT_EQ(reason_of(Phase::rcpt, "550 Helo name host.example.net does not resolve"),
            Reason::helo_rejected);
}

TEST(Classify, TellsWhoIsOnAList) {
  EXPECT_EQ(reason_of(Phase::rcpt, "550 your sender address is on our block list"),
            Reason::sender_rejected);
  EXPECT_EQ(reason_of(Phase::rcpt, "550 your IP address is on our block list"),
            Reason::ip_blocklisted);
  EXPECT_EQ(reason_of(Phase::rcpt, "550 the sender domain is listed in a domain block list"),
            Reason::domain_blocklisted);
  EXPECT_EQ(reason_of(Phase::message, "554 5.7.1 identified as spam"), Reason::spam_detected);
}

TEST(Classify, TellsWhoseAccountIsMeant) {
  EXPECT_EQ(reason_of(Phase::mail, "550 your account is suspended"),
            Reason::sender_account_blocked);
  EXPECT_EQ(reason_of(Phase::rcpt, "550 the account is suspended"), Reason::mailbox_disabled);
  EXPECT_EQ(reason_of(std::nullopt, "550 the account is locked"), Reason::mailbox_disabled);
  EXPECT_EQ(reason_of(Phase::auth, "535 your account is locked"), Reason::auth_account_disabled);
}

TEST(Classify, TakesAnAddressInvalidByWhoseTurnItIs) {
  EXPECT_EQ(reason_of(Phase::mail, "501 malformed address"), Reason::sender_address_invalid);
  EXPECT_EQ(reason_of(Phase::rcpt, "501 malformed address"), Reason::recipient_address_invalid);
}

TEST(Classify, DoesNotTakeARefusedMessageForARefusedCommandOrClient) {
  EXPECT_EQ(reason_of(Phase::message, "550 5.7.1 command rejected"), Reason::policy_rejected);
  EXPECT_EQ(reason_of(Phase::message, "451 4.3.0 mail server temporarily rejected message"),
            Reason::server_error);
  EXPECT_EQ(reason_of(Phase::mail, "500 this command is unknown"), Reason::command_unsupported);
}

TEST(Classify, SeesWhyStarttlsIsRefused) {
  EXPECT_EQ(reason_of(Phase::starttls, "421 4.7.0 too many new TLS sessions"),
            Reason::too_many_connections);
  EXPECT_EQ(reason_of(Phase::starttls, "454 4.5.0 do not pipeline after STARTTLS"),
            Reason::synchronization_error);
  EXPECT_EQ(reason_of(Phase::starttls, "454 4.5.0 not today"), Reason::starttls_unavailable);
}

TEST(Classify, PrefersTheReplyThatAnotherOneQuotes) {
  EXPECT_EQ(reason_of(Phase::mail,
                      "530 5.7.57 Client not authenticated to send mail. [Error: 535 5.7.139 "
                      "Authentication unsuccessful, basic authentication is disabled. [X1Y2]]"),
            Reason::auth_method_disabled);
  EXPECT_EQ(reason_of(Phase::rcpt, "550 5.4.1 next server said: 552 5.2.2 mailbox full"),
            Reason::mailbox_full);
  EXPECT_EQ(reason_of(Phase::rcpt, "450 4.1.1 remote answered -> 550 5.1.1 user unknown"),
            Reason::mailbox_unknown);
}

TEST(Classify, ReadsTheOuterReplyWhenTheQuotedOneSaysNothing) {
  EXPECT_EQ(reason_of(Phase::rcpt, "550 5.7.1 relay access denied: 577 hm"), Reason::relay_denied);
}

TEST(Classify, TellsProvidersApartByBannerAndByText) {
  constexpr std::string_view kReply = "550 5.7.30 refused";
  EXPECT_EQ(reason_of(Phase::message, kReply), Reason::tls_policy_unmet);
  EXPECT_EQ(reason_of(Phase::message, kReply, "mx.google.com ESMTP x1-20 - gsmtp"),
            Reason::dkim_failed);
  EXPECT_EQ(reason_of(Phase::message, "550 5.7.30 refused, see x - gsmtp"), Reason::dkim_failed);
}

TEST(Classify, ReadsEveryLineOfAReplyAndSkipsTheirCodes) {
  EXPECT_EQ(reason_of(Phase::rcpt,
                      "550-5.1.1 The email account that you tried to reach\r\n"
                      "550 5.1.1 does not exist"),
            Reason::mailbox_unknown);
}

TEST(Classify, ReadsACodeBehindTheText) {
  EXPECT_EQ(reason_of(Phase::auth, "535 authorization failed (#5.7.0)"),
            Reason::auth_credentials_invalid);
  EXPECT_EQ(reason_of(Phase::auth, "503 auth not available (#5.3.3)"), Reason::auth_not_offered);
}

TEST(Classify, UnderstandsOtherLanguages) {
  EXPECT_EQ(reason_of(Phase::rcpt, "550 Utilisateur inconnu"), Reason::mailbox_unknown);
  EXPECT_EQ(reason_of(Phase::rcpt, "552 Boite du destinataire pleine"), Reason::mailbox_full);
  EXPECT_EQ(reason_of(Phase::rcpt, "552 Le compte est plein"), Reason::mailbox_full);
  EXPECT_EQ(reason_of(Phase::rcpt, "550 Usuario desconocido"), Reason::mailbox_unknown);
  EXPECT_EQ(reason_of(Phase::rcpt, "550 Empfaenger unbekannt"), Reason::mailbox_unknown);
  EXPECT_EQ(reason_of(Phase::rcpt, "550 Empf\xC3\xA4nger unbekannt"), Reason::mailbox_unknown);
  EXPECT_EQ(reason_of(Phase::mail,
                      "550 Exp\xC3\xA9"
                      "diteur refus\xC3\xA9"),
            Reason::sender_rejected);
  EXPECT_EQ(reason_of(Phase::mail, "530 Authentifizierung erforderlich"), Reason::auth_required);
  EXPECT_EQ(reason_of(Phase::rcpt, "554 Relay denegado"), Reason::relay_denied);
  EXPECT_EQ(reason_of(Phase::banner, "554 Accesso negato"), Reason::access_denied);
  EXPECT_EQ(reason_of(Phase::message, "554 Skrzynka odbiorcy jest przepelniona"),
            Reason::mailbox_full);
  EXPECT_EQ(reason_of(std::nullopt, "550 Boyle bir kullanici yok"), Reason::mailbox_unknown);
  EXPECT_EQ(reason_of(std::nullopt, "550 Takogo polzovatelya net"), Reason::mailbox_unknown);
  EXPECT_EQ(reason_of(std::nullopt, "550 yonghu bu cunzai"), Reason::mailbox_unknown);
}

}  // namespace
}  // namespace sre
