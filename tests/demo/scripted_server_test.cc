#include "agent/demo/scripted_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "agent/demo/script_parser.h"
#include "tests/demo/client.h"

namespace sre {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;

class SettableClock : public Clock {
 public:
  Instant now() const noexcept override { return Instant(offset.load()); }
  WallTime wall() const noexcept override { return system_clock().wall(); }

  std::atomic<Duration> offset{1000s};
};

std::shared_ptr<const Certificates> certificates() {
  static const auto made = *Certificates::make(system_clock().wall());
  return made;
}

class ScriptedServerTest : public testing::Test {
 protected:
  void serve(std::string_view text) {
    auto script = parse_script(text);
    ASSERT_TRUE(script) << script.error().message;
    auto started = ScriptedServer::start(loop_, std::move(*script), certificates(),
                                         {.port = 0, .record = true, .clock = &clock_});
    ASSERT_TRUE(started) << started.error().message;
    server_ = std::move(*started);
  }
  Client connect() const { return Client(server_->port()); }

  SettableClock clock_;
  ServerLoop loop_;
  std::unique_ptr<ScriptedServer> server_;
};

TEST_F(ScriptedServerTest, IsAPoliteServerWithoutAnyRule) {
  serve("");
  auto client = connect();
  EXPECT_EQ(client.reply(), "220 localhost ESMTP\n");
  EXPECT_EQ(client.say("EHLO me"), "250-localhost\n250-SIZE 10240000\n250 ENHANCEDSTATUSCODES\n");
  EXPECT_EQ(client.say("MAIL FROM:<a@b> SIZE=1"), "250 2.1.0 Ok\n");
  EXPECT_EQ(client.say("rcpt to:<c@d>"), "250 2.1.5 Ok\n");
  EXPECT_EQ(client.say("DATA"), "354 End data with <CR><LF>.<CR><LF>\n");
  client.send("Subject: hi\r\n\r\n..\r\nQUIT\r\n");
  EXPECT_EQ(client.say("."), "250 2.0.0 Ok: queued\n");
  EXPECT_EQ(client.say("QUIT"), "221 2.0.0 Bye\n");
  EXPECT_EQ(client.rest(), "<closed>");
}

TEST_F(ScriptedServerTest, ChecksLoginsAndRemembersThem) {
  serve(
      "user probe password pear\n"
      "on MAIL (before login): 530 5.7.0 Authentication required\n");
  auto client = connect();
  client.reply();
  EXPECT_EQ(client.say("MAIL FROM:<>"), "530 5.7.0 Authentication required\n");
  EXPECT_EQ(client.say("AUTH PLAIN AHByb2JlAHdyb25n"), "535 5.7.8 Error: authentication failed\n");
  EXPECT_EQ(client.say("AUTH CRAM-MD5"), "504 5.5.4 Unrecognized authentication type\n");
  EXPECT_EQ(client.say("AUTH LOGIN"), "334 VXNlcm5hbWU6\n");
  EXPECT_EQ(client.say("*"), "501 5.5.2 Authentication cancelled\n");
  EXPECT_EQ(client.say("AUTH PLAIN AHByb2JlAHBlYXI="), "235 2.7.0 Authentication successful\n");
  EXPECT_EQ(client.say("MAIL FROM:<>"), "250 2.1.0 Ok\n");
}

TEST_F(ScriptedServerTest, SpeaksTlsAfterStarttls) {
  serve("tls certificate=valid\nuser probe password pear\n");
  auto client = connect();
  client.reply();
  EXPECT_EQ(client.say("AUTH PLAIN AHByb2JlAHBlYXI="),
            "530 5.7.0 Must issue a STARTTLS command first\n");
  EXPECT_EQ(client.say("STARTTLS"), "220 2.0.0 Ready to start TLS\n");
  EXPECT_EQ(client.start_tls(certificates()->ca_pem()), "ok");
  EXPECT_EQ(client.say("AUTH PLAIN AHByb2JlAHBlYXI="), "235 2.7.0 Authentication successful\n");
  EXPECT_EQ(client.say("QUIT"), "221 2.0.0 Bye\n");
  EXPECT_EQ(server_->record().handshakes, 1U);
  EXPECT_THAT(server_->record().lines(), Contains("AUTH PLAIN AHByb2JlAHBlYXI="));
}

TEST_F(ScriptedServerTest, ShowsEachKindOfCertificate) {
  const std::pair<const char*, const char*> kinds[] = {
      {"valid", "ok"},
      {"expiring", "ok"},
      {"expired", "certificate has expired"},
      {"other-name", "hostname mismatch"},
      {"self-signed", "self-signed certificate"},
      {"untrusted", "unable to get local issuer certificate"}};
  for (const auto& [kind, expected] : kinds) {
    serve(std::string("tls implicit certificate=") + kind);
    auto client = connect();
    EXPECT_EQ(client.start_tls(certificates()->ca_pem()), expected) << kind;
  }
}

TEST_F(ScriptedServerTest, SpeaksOnlyTheVersionOfItsScript) {
  serve("tls implicit version=1.1");
  auto client = connect();
  EXPECT_EQ(client.start_tls(certificates()->ca_pem()), "<broken>");
}

TEST_F(ScriptedServerTest, FollowsItsClockIntoAWindowAndOut) {
  serve(
      "user probe password pear\n"
      "during 60s..120s of 120s:\n"
      "  on AUTH: 535 5.7.8 Error: authentication failed\n");
  const auto log_in = [&] {
    auto client = connect();
    client.reply();
    return client.say("AUTH PLAIN AHByb2JlAHBlYXI=").substr(0, 3);
  };
  EXPECT_EQ(log_in(), "235");
  clock_.offset = 1060s;
  EXPECT_EQ(log_in(), "535");
  clock_.offset = 1120s;
  EXPECT_EQ(log_in(), "235");
}

TEST_F(ScriptedServerTest, CountsTheFirstTimesForEachSenderAndRecipient) {
  serve("on RCPT (first 1 time): 450 4.7.1 Greylisted\n");
  auto client = connect();
  client.reply();
  client.say("MAIL FROM:<a@b>");
  EXPECT_EQ(client.say("RCPT TO:<c@d>"), "450 4.7.1 Greylisted\n");
  EXPECT_EQ(client.say("RCPT TO:<c@d>"), "250 2.1.5 Ok\n");
  EXPECT_EQ(client.say("RCPT TO:<e@f>"), "450 4.7.1 Greylisted\n");
  client.say("MAIL FROM:<other@b>");
  EXPECT_EQ(client.say("RCPT TO:<c@d>"), "450 4.7.1 Greylisted\n");
}

TEST_F(ScriptedServerTest, SendsRawBytesInThePacketOfTheReply) {
  serve(
      "tls certificate=valid\n"
      "on STARTTLS: 220 go / bytes \"250 injected\\r\\n\" / handshake\n");
  auto client = connect();
  client.reply();
  EXPECT_EQ(client.say("STARTTLS"), "220 go\n");
  EXPECT_EQ(client.reply(), "250 injected\n");
}

TEST_F(ScriptedServerTest, RepeatsBytesUntilTheClientHasEnough) {
  serve("banner:\n  repeat 100000 \"220-more\\r\\n\"\n  220 end\n");
  auto client = connect();
  EXPECT_EQ(client.reply().size(), 100000 * std::string_view("220-more\n").size() + 8);
}

TEST_F(ScriptedServerTest, ClosesAndResetsWhereTold) {
  serve("on EHLO: close\non HELO: reset\n");
  auto closed = connect();
  closed.reply();
  EXPECT_EQ(closed.say("EHLO me"), "<closed>");
  auto reset = connect();
  reset.reply();
  EXPECT_EQ(reset.say("HELO me"), "<reset>");
}

TEST_F(ScriptedServerTest, HangsUntilTheClientGoesAndServesOthersMeanwhile) {
  serve("on MAIL: hang\n");
  auto hanging = connect();
  hanging.reply();
  hanging.send("MAIL FROM:<>\r\nQUIT\r\n");
  auto other = connect();
  EXPECT_EQ(other.reply(), "220 localhost ESMTP\n");
  EXPECT_EQ(server_->record().most_at_once, 2U);
  hanging.finish_sending();
  EXPECT_EQ(hanging.rest(), "<closed>");
}

TEST_F(ScriptedServerTest, WaitsWhereToldAndGoesOn) {
  serve("banner: 220-wait / delay 1ms / 220 ready\n");
  EXPECT_EQ(connect().reply(), "220-wait\n220 ready\n");
}

TEST_F(ScriptedServerTest, QuotesTheClientWhereAskedTo) {
  serve(
      "user probe password pear\n"
      "on REJECTED: 535 5.7.8 {password} is wrong in {command}\n");
  auto client = connect();
  client.reply();
  EXPECT_EQ(client.say("AUTH PLAIN AHByb2JlAHdyb25n"),
            "535 5.7.8 wrong is wrong in AUTH PLAIN AHByb2JlAHdyb25n\n");
}

TEST_F(ScriptedServerTest, AnswersThroughRulesInsideAnExchange) {
  serve("on AUTH|ANSWER: 334 bW9yZQ==\non ANSWER <enough>: 535 never reached\n");
  auto client = connect();
  client.reply();
  EXPECT_EQ(client.say("AUTH X"), "334 bW9yZQ==\n");
  EXPECT_EQ(client.say("eA=="), "334 bW9yZQ==\n");
  EXPECT_EQ(client.say("enough"), "334 bW9yZQ==\n");
}

TEST_F(ScriptedServerTest, KeepsWhatClientsSaidAndCountsThem) {
  serve("");
  for (int i = 0; i < 3; ++i) {
    auto client = connect();
    client.reply();
    client.say("QUIT");
  }
  EXPECT_THAT(server_->record().lines(), ElementsAre("QUIT", "QUIT", "QUIT"));
  EXPECT_EQ(server_->record().connections, 3U);
}

TEST_F(ScriptedServerTest, DropsItsClientsWhenItGoes) {
  serve("");
  auto client = connect();
  client.reply();
  server_.reset();
  EXPECT_NE(client.rest().find('<'), std::string::npos);
}

TEST_F(ScriptedServerTest, NamesThePortThatItCannotHave) {
  serve("");
  const auto second = ScriptedServer::start(loop_, Script(), nullptr, {.port = server_->port()});
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message,
              testing::StartsWith("a demo server cannot listen on 127.0.0.1:"));
}

}  // namespace
}  // namespace sre
