#include "agent/session/connection.h"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <exception>
#include <optional>

#include "agent/session/curl_loop.h"
#include "tests/session/manual_clock.h"

namespace sre {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using testing::ElementsAre;
using testing::HasSubstr;

// A connection that libcurl has made to a socket in the test's hand. What the server says is in
// the socket before it is waited for, so nothing depends on time.
class ConnectionTest : public testing::Test {
 protected:
  ConnectionTest() {
    const auto url = "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
    curl_easy_setopt(easy_.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy_.get(), CURLOPT_PROXY, "");
    curl_easy_setopt(easy_.get(), CURLOPT_CONNECT_ONLY, 1L);
    EXPECT_EQ(curl_easy_perform(easy_.get()), CURLE_OK);
    acceptor_.accept(server_);
    curl_socket_t fd = CURL_SOCKET_BAD;
    EXPECT_EQ(curl_easy_getinfo(easy_.get(), CURLINFO_ACTIVESOCKET, &fd), CURLE_OK);
    socket_.assign(fd);
    connection_.emplace(socket_, easy_.get(), recorder_, deadline_);
  }

  ~ConnectionTest() override { socket_.release(); }  // libcurl's to close

  void server_says(std::string_view text) { asio::write(server_, asio::buffer(text)); }
  // All it was told, up to the end of a line that ends so.
  std::string server_hears(const std::string& last = "") {
    std::string line;
    asio::read_until(server_, asio::dynamic_buffer(line), last + "\r\n");
    return line;
  }
  // The reply to NOOP, asked in the place of MAIL.
  std::optional<Reply> ask() {
    std::optional<Reply> found;
    asio::co_spawn(io_, connection_->command(Phase::mail, "NOOP", "NOOP"),
                   [&](const std::exception_ptr& error, const Reply* reply) {
                     EXPECT_EQ(error, nullptr);
                     if (reply != nullptr) found = *reply;
                     io_.stop();
                   });
    io_.restart();
    io_.run();
    return found;
  }
  Reason fault() const {
    const auto& found = recorder_.transcript().fault;
    return found ? found->reason : Reason::ok;
  }

  const Instant kNever = std::chrono::steady_clock::now() + std::chrono::hours{24};
  asio::io_context io_;
  tcp::acceptor acceptor_{io_, {asio::ip::address_v4::loopback(), 0}};
  tcp::socket server_{io_};
  Easy easy_{curl_easy_init()};
  asio::posix::stream_descriptor socket_{io_};
  ManualClock clock_;
  Recorder recorder_{clock_};
  Deadline deadline_{io_, kNever};
  std::optional<Connection> connection_;
};

TEST_F(ConnectionTest, SendsALineAndGivesItsReply) {
  server_says("250-first\r\n250 2.0.0 last\r\n");
  const auto reply = ask();
  ASSERT_TRUE(reply.has_value());
  EXPECT_THAT(reply->lines, ElementsAre("first", "2.0.0 last"));
  EXPECT_EQ(server_hears(), "NOOP\r\n");
  EXPECT_EQ(recorder_.transcript().steps.back().command, "NOOP");
  EXPECT_TRUE(connection_->alive());
}

TEST_F(ConnectionTest, GivesAReplyAsItCameAndRecordsItWithoutSecrets) {
  recorder_.redactor().add(Secret("Password"));
  server_says("334 UGFzc3dvcmQ6\r\n");
  const auto challenge = ask();
  ASSERT_TRUE(challenge.has_value());
  EXPECT_THAT(challenge->lines, ElementsAre("UGFzc3dvcmQ6")) << "\"Password:\", to be answered";
  EXPECT_THAT(recorder_.last_reply()->text(), testing::Not(HasSubstr("UGFzc3dvcm")));
}

TEST_F(ConnectionTest, WillNotTakeAnEarlyReplyForTheNextCommands) {
  server_says("250 ok\r\n550 early\r\n");
  ASSERT_TRUE(ask().has_value());
  EXPECT_FALSE(ask().has_value());
  EXPECT_EQ(fault(), Reason::protocol_violation);
  EXPECT_FALSE(connection_->alive());
}

TEST_F(ConnectionTest, TellsALostConnection) {
  server_says("250-and then");
  server_.close();
  EXPECT_FALSE(ask().has_value());
  EXPECT_EQ(fault(), Reason::connection_lost);
  EXPECT_FALSE(recorder_.transcript().steps.back().reply.has_value())
      << "of half a reply nothing is known";
}

TEST_F(ConnectionTest, ShowsWhatWasNoReply) {
  server_says("250-one\r\n550 other\r\n");
  EXPECT_FALSE(ask().has_value());
  EXPECT_EQ(fault(), Reason::protocol_violation);
  EXPECT_TRUE(recorder_.transcript().steps.back().reply.has_value());
}

TEST_F(ConnectionTest, StopsAReplyWithoutEnd) {
  for (int i = 0; i < 600; ++i) server_says("250-more\r\n");
  EXPECT_FALSE(ask().has_value());
  EXPECT_EQ(fault(), Reason::protocol_violation);
}

TEST_F(ConnectionTest, GivesUpAtTheDeadline) {
  asio::post(io_, [&] { deadline_.expire(); });
  EXPECT_FALSE(ask().has_value());
  EXPECT_EQ(fault(), Reason::read_timeout);
  EXPECT_FALSE(connection_->alive());
}

TEST_F(ConnectionTest, SaysOneMoreLineAtPartingAndWaitsForNothing) {
  asio::post(io_, [&] { deadline_.expire(); });
  EXPECT_FALSE(ask().has_value());
  connection_->say_at_parting(Phase::quit, "QUIT");
  EXPECT_EQ(server_hears("QUIT"), "NOOP\r\nQUIT\r\n");
  EXPECT_EQ(recorder_.transcript().steps.back().command, "QUIT");
  EXPECT_FALSE(recorder_.last_reply());
}

TEST_F(ConnectionTest, SaysNothingAtPartingWhereNoReplyIsAwaited) {
  server_says("250 ok\r\n");
  ASSERT_TRUE(ask().has_value());
  connection_->say_at_parting(Phase::quit, "QUIT");
  server_.close();
  EXPECT_EQ(recorder_.transcript().steps.back().command, "NOOP");
}

TEST_F(ConnectionTest, CountsAnotherDeadlineWhenToldTo) {
  Deadline sooner(io_, Instant{});
  connection_->keep(sooner);
  EXPECT_FALSE(ask().has_value());
  EXPECT_EQ(fault(), Reason::read_timeout);
  EXPECT_FALSE(deadline_.expired());
}

}  // namespace
}  // namespace sre
