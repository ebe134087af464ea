#include "agent/web/http_server.h"

#include <gmock/gmock.h>

#include <stdexcept>

#include "tests/web/client.h"
#include "tests/web/sample.h"

namespace sre {
namespace {

using namespace std::chrono_literals;
using test::Client;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr std::size_t kHuge = 64 * 1024 * 1024;

// Tells what was asked; has a path that throws and one with a huge answer.
Response echo(const Request& request) {
  if (request.path == "/throw") throw std::runtime_error("as asked");
  if (request.path == "/huge") return plain_text(200, std::string(kHuge, 'x'));
  return plain_text(200, request.method + " " + request.path + " [" + request.body + "]\n");
}

std::string get(std::string_view path) {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: monitor.test\r\n\r\n";
}

// A server on a free loopback port.
class HttpServerTest : public testing::Test {
 protected:
  void serve(Handler handler, HttpLimits limits = {}) {
    server = std::make_unique<HttpServer>(std::move(handler), limits);
    const std::vector<std::string> addresses = {"127.0.0.1:0"};
    const auto started = server->start(addresses);
    ASSERT_TRUE(started) << started.error().message;
  }

  const std::string& address() const { return server->bound_addresses().at(0); }

  // One answer on a connection of its own.
  std::string ask(std::string_view request) {
    Client client(address());
    client.send(request);
    return client.read_response();
  }

  // Again and again while every place is taken.
  std::string ask_until_there_is_a_place(std::string_view request) {
    const auto patience = std::chrono::steady_clock::now() + 10s;
    std::string answer;
    while (answer.empty() && std::chrono::steady_clock::now() < patience) answer = ask(request);
    return answer;
  }

  std::unique_ptr<HttpServer> server;
};

TEST_F(HttpServerTest, AnswersRequestAfterRequestOnOneConnection) {
  serve(echo);
  Client client(address());
  for (const char* path : {"/a", "/b?x=1", "/c"}) {
    client.send(get(path));
    EXPECT_THAT(client.read_response(), StartsWith("HTTP/1.1 200 OK\r\n"));
  }
}

TEST_F(HttpServerTest, AnswersPipelinedRequestsInOrder) {
  serve(echo);
  Client client(address());
  client.send(get("/one") + "POST /two HTTP/1.1\r\nHost: m\r\nContent-Length: 3\r\n\r\nabc" +
              get("/three"));
  EXPECT_THAT(client.read_response(), HasSubstr("GET /one []"));
  EXPECT_THAT(client.read_response(), HasSubstr("POST /two [abc]"));
  EXPECT_THAT(client.read_response(), HasSubstr("GET /three []"));
}

TEST_F(HttpServerTest, LeavesTheBodyOutForHead) {
  serve(echo);
  Client client(address());
  client.send("HEAD /a HTTP/1.1\r\nHost: m\r\n\r\n");
  EXPECT_THAT(client.read_until("\r\n\r\n"), HasSubstr("Content-Length: 11\r\n"));
  client.send(get("/b"));
  EXPECT_THAT(client.read_response(), StartsWith("HTTP/1.1 200 OK"));
}

TEST_F(HttpServerTest, ClosesWhenTheClientWantsThat) {
  serve(echo);
  Client modern(address());
  modern.send("GET / HTTP/1.1\r\nHost: m\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(modern.read_all(), HasSubstr("Connection: close\r\n"));
  Client old(address());
  old.send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_THAT(old.read_all(), StartsWith("HTTP/1.0 200 OK"));
}

TEST_F(HttpServerTest, ReadsABodyThatWaitsForPermission) {
  serve(echo);
  Client client(address());
  client.send("POST / HTTP/1.1\r\nHost: m\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_THAT(client.read_until("\r\n\r\n"), StartsWith("HTTP/1.1 100 Continue"));
  client.send("ok");
  EXPECT_THAT(client.read_response(), HasSubstr("[ok]"));
}

TEST_F(HttpServerTest, TurnsDownWhatIsTooLarge) {
  serve(echo);
  const std::string filler(20 * 1024, 'x');
  EXPECT_THAT(ask("GET / HTTP/1.1\r\nHost: m\r\nX: " + filler + "\r\n\r\n"), HasSubstr(" 431 "));
  EXPECT_THAT(ask("GET /" + filler + " HTTP/1.1\r\nHost: m\r\n\r\n"), HasSubstr(" 431 "));
  EXPECT_THAT(ask("POST / HTTP/1.1\r\nHost: m\r\nContent-Length: 65537\r\n\r\n"),
              HasSubstr(" 413 "));
  EXPECT_THAT(ask("POST / HTTP/1.1\r\nHost: m\r\nTransfer-Encoding: chunked\r\n\r\n20000\r\n" +
                  std::string(0x20000, 'x') + "\r\n0\r\n\r\n"),
              HasSubstr(" 413 "));
}

TEST_F(HttpServerTest, TakesWhatIsJustNotTooLarge) {
  serve(echo);
  EXPECT_THAT(
      ask("POST / HTTP/1.1\r\nHost: m\r\nContent-Length: 65536\r\n\r\n" + std::string(65536, 'x')),
      StartsWith("HTTP/1.1 200"));
}

TEST_F(HttpServerTest, TurnsDownWhatIsNoHttp) {
  serve(echo);
  EXPECT_THAT(ask("EHLO monitor.test\r\n\r\n"), HasSubstr(" 400 "));
  EXPECT_THAT(ask("\x16\x03\x01\x02\r\n\r\n"), HasSubstr(" 400 "));
  EXPECT_THAT(ask("GET / HTTP/1.1\r\n\r\n"), HasSubstr(" 400 "));
  EXPECT_THAT(ask("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), HasSubstr(" 400 "));
  EXPECT_THAT(ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n"
                  "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
              HasSubstr(" 400 "));
  EXPECT_THAT(ask(get("/still-here")), HasSubstr("GET /still-here"));
}

TEST_F(HttpServerTest, ClosesOnAHeaderThatDoesNotEnd) {
  serve(echo, {.header_timeout = 50ms});
  Client silent(address());
  EXPECT_THAT(silent.read_all(), IsEmpty());
  Client slow(address());
  slow.send("GET / HTTP/1.1\r\nHos");
  EXPECT_THAT(slow.read_all(), IsEmpty());
}

TEST_F(HttpServerTest, ClosesOnABodyThatDoesNotCome) {
  serve(echo, {.body_timeout = 50ms});
  Client slow(address());
  slow.send("POST / HTTP/1.1\r\nHost: m\r\nContent-Length: 10\r\n\r\nabc");
  EXPECT_THAT(slow.read_all(), IsEmpty());
}

TEST_F(HttpServerTest, ClosesAnIdleConnection) {
  serve(echo, {.idle_timeout = 50ms});
  Client client(address());
  client.send(get("/"));
  EXPECT_THAT(client.read_all(), StartsWith("HTTP/1.1 200"));
}

TEST_F(HttpServerTest, ServesOthersWhileAClientDoesNotRead) {
  serve(echo);
  Client lazy(address());
  lazy.send(get("/huge"));
  EXPECT_THAT(lazy.read_until("\r\n\r\n"), StartsWith("HTTP/1.1 200"));
  Client slow(address());
  slow.send("GET / HT");
  EXPECT_THAT(ask(get("/quick")), HasSubstr("GET /quick"));
}

TEST_F(HttpServerTest, GivesUpOnAClientThatDoesNotRead) {
  serve(echo, {.connections = 1, .write_timeout = 50ms});
  Client lazy(address());
  lazy.send(get("/huge"));
  lazy.read_until("\r\n\r\n");
  // The only place is taken until the server gives up, and then it is free.
  EXPECT_THAT(ask_until_there_is_a_place(get("/quick")), HasSubstr("GET /quick"));
}

TEST_F(HttpServerTest, LetsAClientThatDoesNotReadMakeRoomForOthers) {
  serve(echo, {.connections = 1, .write_timeout = 1h, .stall_timeout = 50ms});
  Client lazy(address());
  lazy.send(get("/huge"));
  lazy.read_until("\r\n\r\n");
  EXPECT_THAT(ask_until_there_is_a_place(get("/quick")), HasSubstr("GET /quick"));
}

TEST_F(HttpServerTest, SendsAHugeAnswerWhole) {
  serve(echo);
  Client client(address());
  client.send("GET /huge HTTP/1.1\r\nHost: m\r\nConnection: close\r\n\r\n");
  client.read_until("\r\n\r\n");
  EXPECT_EQ(client.read_all().size(), kHuge);
}

TEST_F(HttpServerTest, MakesRoomByDroppingTheOldestIdleConnection) {
  serve(echo, {.connections = 2});
  Client first(address());
  first.send(get("/"));
  first.read_response();
  Client second(address());
  second.send(get("/"));
  second.read_response();
  EXPECT_THAT(ask(get("/third")), HasSubstr("GET /third"));
  EXPECT_THAT(first.read_all(), IsEmpty());
  second.send(get("/again"));
  EXPECT_THAT(second.read_response(), HasSubstr("GET /again"));
}

TEST_F(HttpServerTest, OutlivesAHandlerThatThrows) {
  serve(echo);
  Client client(address());
  client.send(get("/throw"));
  const auto response = client.read_response();
  EXPECT_THAT(response, HasSubstr(" 500 "));
  EXPECT_THAT(response, Not(HasSubstr("as asked")));
  client.send(get("/"));
  EXPECT_THAT(client.read_response(), HasSubstr(" 200 "));
}

TEST_F(HttpServerTest, StopsWithConnectionsOpen) {
  serve(echo);
  Client idle(address());
  idle.send(get("/"));
  idle.read_response();
  server->stop();
  EXPECT_THAT(idle.read_all(), IsEmpty());
  EXPECT_THROW(Client{address()}, std::runtime_error);
}

TEST_F(HttpServerTest, ServesTheSiteWithItsHeaders) {
  serve(test::sample_site());
  const auto page =
      ask("GET /checks/corp/login HTTP/1.1\r\nHost: m\r\nAccept: text/html\r\n"
          "Accept-Encoding: gzip\r\n\r\n");
  EXPECT_THAT(page, HasSubstr("Content-Encoding: gzip\r\n"));
  EXPECT_THAT(page, HasSubstr("Content-Security-Policy: default-src 'none'"));
  EXPECT_THAT(page, HasSubstr("\r\n\r\n\x1F\x8B"));
  EXPECT_THAT(ask("DELETE / HTTP/1.1\r\nHost: m\r\n\r\n"), HasSubstr("Allow: GET, HEAD\r\n"));
}

TEST(HttpServer, ListensOnSeveralAddresses) {
  HttpServer server(echo);
  const std::vector<std::string> addresses = {"127.0.0.1:0", "127.0.0.2:0", "localhost:0"};
  ASSERT_TRUE(server.start(addresses));
  ASSERT_EQ(server.bound_addresses().size(), 3U);
  EXPECT_THAT(server.bound_addresses()[1], StartsWith("127.0.0.2:"));
  for (const auto& address : server.bound_addresses()) {
    Client client(address);
    client.send(get("/"));
    EXPECT_THAT(client.read_response(), HasSubstr(" 200 "));
  }
}

TEST(HttpServer, NamesTheAddressItCannotHave) {
  HttpServer holder(echo);
  const std::vector<std::string> free = {"127.0.0.1:0"};
  ASSERT_TRUE(holder.start(free));
  const auto fails_with = [](const std::string& address) {
    HttpServer server(echo);
    const std::vector<std::string> addresses = {address};
    const auto started = server.start(addresses);
    EXPECT_FALSE(started);
    EXPECT_THAT(server.bound_addresses(), IsEmpty());
    return started ? "" : started.error().message;
  };
  const auto& taken = holder.bound_addresses()[0];
  EXPECT_THAT(fails_with(taken), StartsWith("cannot listen on \"" + taken + "\": "));
  EXPECT_THAT(fails_with(taken), HasSubstr("take another port"));
  EXPECT_THAT(fails_with("192.0.2.1:0"), HasSubstr("an address of this machine"));
  EXPECT_THAT(fails_with("nonsense"), HasSubstr("write host:port"));
}

}  // namespace
}  // namespace sre
