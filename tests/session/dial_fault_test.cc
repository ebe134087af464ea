#include "agent/session/dial_fault.h"

#include <gmock/gmock.h>

#include <cerrno>

namespace sre {
namespace {

using testing::HasSubstr;

// An attempt that got as far as `phase`.
DialEnd end_in(Phase phase, CURLcode result, std::string_view error_text = "") {
  DialEnd end;
  end.result = result;
  end.connected = phase != Phase::connect;
  end.phase = phase;
  end.error_text = error_text;
  return end;
}

Fault fault_of(const DialEnd& end) {
  const auto fault = explain(end);
  EXPECT_TRUE(fault.has_value());
  return fault.value_or(Fault{Phase::quit, Reason::ok, "no fault"});
}

Reason reason_for_os_error(long os_error) {
  DialEnd end = end_in(Phase::connect, CURLE_COULDNT_CONNECT);
  end.os_error = os_error;
  const Fault fault = fault_of(end);
  EXPECT_EQ(fault.phase, Phase::connect);
  EXPECT_FALSE(fault.detail.empty());
  return fault.reason;
}

TEST(DialFault, NamesAConnectionThatCouldNotBeMadeByTheSystemsError) {
  EXPECT_EQ(reason_for_os_error(ECONNREFUSED), Reason::connection_refused);
  EXPECT_EQ(reason_for_os_error(ETIMEDOUT), Reason::connect_timeout);
  EXPECT_EQ(reason_for_os_error(ECONNRESET), Reason::connection_lost);
  EXPECT_EQ(reason_for_os_error(EPIPE), Reason::connection_lost);
  EXPECT_EQ(reason_for_os_error(EHOSTUNREACH), Reason::network_unreachable);
  EXPECT_EQ(reason_for_os_error(ENETUNREACH), Reason::network_unreachable);
  EXPECT_EQ(reason_for_os_error(0), Reason::network_unreachable);
}

TEST(DialFault, QuotesTheSystemAndNotAZero) {
  DialEnd end = end_in(Phase::connect, CURLE_COULDNT_CONNECT);
  end.os_error = ECONNREFUSED;
  EXPECT_EQ(fault_of(end).detail, "Connection refused");
  end.os_error = 0;
  EXPECT_EQ(fault_of(end).detail, "no connection could be made");
}

TEST(DialFault, BlamesTheConfigurationForASourceAddressThatIsNotHere) {
  DialEnd end = end_in(Phase::connect, CURLE_INTERFACE_FAILED);
  end.source_address = "192.0.2.7";
  const Fault fault = fault_of(end);
  EXPECT_EQ(fault.phase, Phase::connect);
  EXPECT_EQ(fault.reason, Reason::internal_error);
  EXPECT_THAT(fault.detail, HasSubstr("192.0.2.7"));
}

TEST(DialFault, OwnsUpThatNoLocalPortIsFree) {
  DialEnd end = end_in(Phase::connect, CURLE_COULDNT_CONNECT);
  end.os_error = EADDRNOTAVAIL;
  end.to_v4 = true;
  EXPECT_EQ(fault_of(end).reason, Reason::internal_error);
  EXPECT_THAT(fault_of(end).detail, HasSubstr("ip_local_port_range"));
  end.to_v4 = false;
  EXPECT_EQ(fault_of(end).reason, Reason::network_unreachable) << "no IPv6 here, perhaps";
}

TEST(DialFault, LeavesARefusedStarttlsToItsReply) {
  const Reply refusal = Reply::from_text("454 4.7.0 TLS not available");
  DialEnd end = end_in(Phase::starttls, CURLE_USE_SSL_FAILED);
  end.last_reply = &refusal;
  EXPECT_FALSE(explain(end).has_value());
}

TEST(DialFault, SaysThatEhloDoesNotOfferStarttls) {
  const Reply accepted = Reply::from_text("250-mx.example.com\n250 SIZE 1000");
  const Ehlo ehlo = parse_ehlo(accepted);
  DialEnd end = end_in(Phase::ehlo, CURLE_USE_SSL_FAILED);
  end.last_reply = &accepted;
  EXPECT_EQ(fault_of(end).reason, Reason::starttls_not_offered) << "after HELO nothing is known";
  end.ehlo = &ehlo;
  const Fault fault = fault_of(end);
  EXPECT_EQ(fault.phase, Phase::starttls);
  EXPECT_EQ(fault.reason, Reason::starttls_not_offered);
  EXPECT_EQ(fault.detail, "EHLO does not offer STARTTLS");
}

TEST(DialFault, OwnsUpThatLibcurlOverlooksALowerCaseStarttls) {
  const Reply accepted = Reply::from_text("250-mx.example.com\n250 starttls");
  const Ehlo ehlo = parse_ehlo(accepted);
  DialEnd end = end_in(Phase::ehlo, CURLE_USE_SSL_FAILED);
  end.last_reply = &accepted;
  end.ehlo = &ehlo;
  EXPECT_THAT(fault_of(end).detail, HasSubstr("lower case"));
}

TEST(DialFault, TakesAnEndlessReplyForAViolationWhereverItComes) {
  for (const Phase phase : {Phase::banner, Phase::ehlo, Phase::starttls}) {
    const Fault fault =
        fault_of(end_in(phase, CURLE_RECV_ERROR, "Too large response headers: 307219 > 307200"));
    EXPECT_EQ(fault.phase, phase);
    EXPECT_EQ(fault.reason, Reason::protocol_violation);
  }
  EXPECT_EQ(fault_of(end_in(Phase::banner, CURLE_WEIRD_SERVER_REPLY,
                            "Excessive server response line length received, 8192 bytes"))
                .reason,
            Reason::protocol_violation);
}

TEST(DialFault, TellsPlaintextBehindStarttlsFromAFailedHandshake) {
  const Fault fault = fault_of(end_in(Phase::tls, CURLE_WEIRD_SERVER_REPLY));
  EXPECT_EQ(fault.phase, Phase::starttls);
  EXPECT_EQ(fault.reason, Reason::protocol_violation);
}

Reason reason_for_handshake(std::string_view openssl) {
  const Fault fault = fault_of(end_in(Phase::tls, CURLE_SSL_CONNECT_ERROR, openssl));
  EXPECT_EQ(fault.phase, Phase::tls);
  return fault.reason;
}

TEST(DialFault, KnowsTheWordsOfOpensslForNoCommonVersionOrCipher) {
  for (const auto* words : {"error:0A000102:SSL routines::unsupported protocol",
                            "error:0A0000BF:SSL routines::no protocols available",
                            "error:0A00042E:SSL routines::tlsv1 alert protocol version",
                            "error:0A00018C:SSL routines::version too low",
                            "error:0A000410:SSL routines::sslv3 alert handshake failure",
                            "error:0A00018A:SSL routines::dh key too small"}) {
    EXPECT_EQ(reason_for_handshake(words), Reason::tls_version_unsupported) << words;
  }
}

TEST(DialFault, CallsEveryOtherTroubleWithTlsAFailedHandshake) {
  EXPECT_EQ(reason_for_handshake("error:0A00010B:SSL routines::wrong version number"),
            Reason::tls_handshake_failed)
      << "a peer that does not speak TLS";
  EXPECT_EQ(reason_for_handshake("OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to mx:25"),
            Reason::tls_handshake_failed);
  EXPECT_EQ(fault_of(end_in(Phase::tls, CURLE_SSL_CONNECT_ERROR)).detail,
            "the TLS handshake failed");
  EXPECT_EQ(fault_of(end_in(Phase::tls, CURLE_RECV_ERROR)).reason, Reason::tls_handshake_failed)
      << "the phase counts, whatever libcurl calls it";
  EXPECT_EQ(fault_of(end_in(Phase::starttls, CURLE_SSL_CONNECT_ERROR)).phase, Phase::tls);
}

TEST(DialFault, LeavesARefusalToItsReply) {
  const Reply refusal = Reply::from_text("554 5.7.1 no");
  DialEnd banner = end_in(Phase::banner, CURLE_WEIRD_SERVER_REPLY);
  banner.last_reply = &refusal;
  EXPECT_FALSE(explain(banner).has_value());
  DialEnd ehlo = end_in(Phase::ehlo, CURLE_REMOTE_ACCESS_DENIED);
  ehlo.last_reply = &refusal;
  EXPECT_FALSE(explain(ehlo).has_value());
}

TEST(DialFault, CallsAnythingElseALostConnectionInItsPhase) {
  for (const Phase phase : {Phase::banner, Phase::ehlo, Phase::starttls}) {
    const Fault fault = fault_of(end_in(phase, CURLE_RECV_ERROR, "Recv failure"));
    EXPECT_EQ(fault.phase, phase);
    EXPECT_EQ(fault.reason, Reason::connection_lost);
  }
  EXPECT_EQ(fault_of(end_in(Phase::banner, CURLE_WEIRD_SERVER_REPLY)).reason,
            Reason::connection_lost)
      << "a refusal that nobody heard";
  const Reply early = Reply::from_text("220 hello");
  DialEnd reset = end_in(Phase::banner, CURLE_RECV_ERROR);
  reset.last_reply = &early;
  EXPECT_EQ(fault_of(reset).reason, Reason::connection_lost) << "a reply does not excuse a reset";
}

}  // namespace
}  // namespace sre
