// The pages over TLS, and who is let in by certificate.
#include <gmock/gmock.h>
#include <openssl/ssl.h>

#include <memory>
#include <utility>

#include "agent/access/door.h"
#include "agent/web/http_server.h"
#include "tests/access/folder.h"
#include "tests/web/tls_client.h"

namespace sre {
namespace {

using namespace std::chrono_literals;
using test::Client;
using test::TlsClient;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

Response hello(const Request&) { return plain_text(200, "hello\n"); }

class TlsTest : public test::Folder {
 protected:
  // Serves with the lines of a tls_server_config beside certificate and key.
  void serve(std::string_view more = "", HttpLimits limits = {}) {
    tls = load(more);
    server = std::make_unique<HttpServer>(hello, limits, [this] { return tls; });
    const std::vector<std::string> addresses = {"127.0.0.1:0"};
    ASSERT_TRUE(server->start(addresses));
  }

  std::shared_ptr<const TlsServer> load(std::string_view more) {
    write("web.yml", "tls_server_config:\n  cert_file: server.pem\n  key_file: server.key\n" +
                         std::string(more));
    const auto access = read_access(path("web.yml"));
    EXPECT_TRUE(access) << access.error().message;
    return access ? (*access)->tls : nullptr;
  }

  const std::string& address() const { return server->bound_addresses().at(0); }

  // What a client gets to read; nothing when it is not let in.
  std::string answer_to(const test::TlsClientOptions& options) {
    TlsClient client(address(), options);
    if (!client.connected()) return "";
    client.send(kGet);
    return client.read_response();
  }

  std::shared_ptr<const TlsServer> tls;  // of the next connection
  std::unique_ptr<HttpServer> server;
};

TEST_F(TlsTest, AnswersRequestAfterRequest) {
  serve();
  TlsClient client(address());
  ASSERT_TRUE(client.connected());
  for (int i = 0; i < 3; ++i) {
    client.send(kGet);
    EXPECT_THAT(client.read_response(), StartsWith("HTTP/1.1 200 OK"));
  }
}

TEST_F(TlsTest, EndsAConnectionInGoodOrder) {
  serve();
  TlsClient client(address());
  client.send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(client.read_all(), HasSubstr("hello"));
  EXPECT_TRUE(client.closed_in_order());
}

TEST_F(TlsTest, TellsAClientOfPlainHttpWhatToDo) {
  serve();
  Client client(address());
  client.send(kGet);
  const auto answer = client.read_response();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(answer, HasSubstr("This address speaks HTTPS"));
}

TEST_F(TlsTest, ClosesOnAHandshakeThatDoesNotEnd) {
  serve("", {.header_timeout = 50ms});
  for (const std::string_view begun : {"", "\x16\x03\x01\x02", "\x16"}) {
    Client client(address());
    client.send(begun);
    EXPECT_THAT(client.read_all(), IsEmpty());
  }
}

TEST_F(TlsTest, OutlivesGarbage) {
  serve();
  Client client(address());
  client.send(std::string("\x16\x03\x01\x00\xff\x01", 6) + std::string(300, 'x'));
  client.read_all();
  EXPECT_THAT(answer_to({}), HasSubstr("hello"));
}

TEST_F(TlsTest, SpeaksNothingBelowTls12) {
  serve();
  EXPECT_THAT(answer_to({.max_version = TLS1_2_VERSION}), HasSubstr("hello"));
  EXPECT_THAT(answer_to({.max_version = TLS1_1_VERSION}), IsEmpty());
}

TEST_F(TlsTest, SpeaksTheVersionsThatAreConfigured) {
  serve("  min_version: TLS13\n");
  EXPECT_THAT(answer_to({}), HasSubstr("hello"));
  EXPECT_THAT(answer_to({.max_version = TLS1_2_VERSION}), IsEmpty());
}

TEST_F(TlsTest, SpeaksTheCiphersThatAreConfigured) {
  serve("  cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]\n  max_version: TLS12\n");
  EXPECT_THAT(answer_to({.ciphers = "ECDHE-ECDSA-AES256-GCM-SHA384"}), HasSubstr("hello"));
  EXPECT_THAT(answer_to({.ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256"}), IsEmpty());
}

TEST_F(TlsTest, WantsAClientsCertificateOfItsAuthority) {
  serve("  client_ca_file: ca.pem\n  client_auth_type: RequireAndVerifyClientCert\n");
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    EXPECT_THAT(answer_to({.certificate = "client", .max_version = version}), HasSubstr("hello"));
    EXPECT_THAT(answer_to({.certificate = "stranger", .max_version = version}), IsEmpty());
    EXPECT_THAT(answer_to({.max_version = version}), IsEmpty());
  }
}

TEST_F(TlsTest, LooksAtACertificateOnlyIfOneIsGiven) {
  serve("  client_ca_file: ca.pem\n  client_auth_type: VerifyClientCertIfGiven\n");
  EXPECT_THAT(answer_to({.certificate = "client"}), HasSubstr("hello"));
  EXPECT_THAT(answer_to({.certificate = "stranger"}), IsEmpty());
  EXPECT_THAT(answer_to({}), HasSubstr("hello"));
}

TEST_F(TlsTest, MayTakeAnyCertificateButNone) {
  serve("  client_auth_type: RequireAnyClientCert\n");
  EXPECT_THAT(answer_to({.certificate = "stranger"}), HasSubstr("hello"));
  EXPECT_THAT(answer_to({}), IsEmpty());
}

class AllowedName : public TlsTest, public testing::WithParamInterface<const char*> {};

TEST_P(AllowedName, LetsItsBearerIn) {
  serve(
      "  client_ca_file: ca.pem\n  client_auth_type: RequireAndVerifyClientCert\n"
      "  client_allowed_sans: [nobody.example.test, \"" +
      std::string(GetParam()) + "\"]\n");
  EXPECT_THAT(answer_to({.certificate = "client"}), HasSubstr("hello"));
  EXPECT_THAT(answer_to({.certificate = "stranger"}), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(OfEachKind, AllowedName,
                         testing::Values("prometheus.example.test", "mon@example.test", "192.0.2.7",
                                         "spiffe://example.test/mon"));

TEST_F(TlsTest, LetsNoOtherNameIn) {
  serve(
      "  client_ca_file: ca.pem\n  client_auth_type: RequireAndVerifyClientCert\n"
      // The common name, and a part of the right one.
      "  client_allowed_sans: [client, example.test]\n");
  EXPECT_THAT(answer_to({.certificate = "client"}), IsEmpty());
}

TEST_F(TlsTest, TrustsAnIntermediateAuthorityByItself) {
  // As if client.pem were one: no root above it is known.
  serve("  client_ca_file: client.pem\n  client_auth_type: RequireAndVerifyClientCert\n");
  EXPECT_THAT(answer_to({.certificate = "client"}), HasSubstr("hello"));
  EXPECT_THAT(answer_to({.certificate = "stranger"}), IsEmpty());
}

// A client that stays connected would never be looked at again.
TEST_F(TlsTest, AnswersNoConnectionFromBeforeAChange) {
  serve();
  TlsClient before(address());
  before.send(kGet);
  EXPECT_THAT(before.read_response(), HasSubstr("hello"));
  tls = load("  client_ca_file: ca.pem\n  client_auth_type: RequireAndVerifyClientCert\n");
  before.send(kGet);
  EXPECT_THAT(before.read_response(), IsEmpty());
  EXPECT_THAT(answer_to({}), IsEmpty());
  EXPECT_THAT(answer_to({.certificate = "client"}), HasSubstr("hello"));
}

TEST_F(TlsTest, AnswersNoPlainConnectionFromBeforeTls) {
  serve();
  const auto encrypted = std::exchange(tls, nullptr);
  Client before(address());
  before.send(kGet);
  EXPECT_THAT(before.read_response(), HasSubstr("hello"));
  tls = encrypted;
  before.send(kGet);
  EXPECT_THAT(before.read_response(), IsEmpty());
}

}  // namespace
}  // namespace sre
