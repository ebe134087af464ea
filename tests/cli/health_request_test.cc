#include "agent/cli/health_request.h"

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>

#include "agent/web/http_server.h"
#include "tests/cli/command_line.h"

namespace sre {
namespace {

using boost::asio::ip::tcp;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

// A daemon's door that answers /-/healthy with one status.
class HealthRequest : public testing::Test {
 protected:
  std::string answering(int status) {
    server = std::make_unique<HttpServer>([status](const Request& request) {
      return plain_text(request.path == "/-/healthy" ? status : 404, "whatever\n");
    });
    const std::vector<std::string> addresses = {"127.0.0.1:0"};
    const auto started = server->start(addresses);
    EXPECT_TRUE(started) << started.error().message;
    return "http://" + server->bound_addresses().at(0) + "/-/healthy";
  }

  std::unique_ptr<HttpServer> server;
};

TEST_F(HealthRequest, PassesWhenTheDaemonSaysSo) { EXPECT_TRUE(request_health(answering(200))); }

TEST_F(HealthRequest, PassesWhenTheDaemonWantsALogin) {
  EXPECT_TRUE(request_health(answering(401)));
}

TEST_F(HealthRequest, FailsOnAnyOtherAnswerAndNamesIt) {
  for (const int status : {301, 404, 500, 503}) {
    const auto url = answering(status);
    const auto asked = request_health(url);
    ASSERT_FALSE(asked) << status;
    EXPECT_EQ(asked.error().message,
              url + ": answers " + std::to_string(status) + " in place of 200");
  }
}

TEST_F(HealthRequest, AsksPastAProxyOfTheEnvironment) {
  ASSERT_EQ(setenv("http_proxy", "http://127.0.0.1:1", 1), 0);
  const auto asked = request_health(answering(200));
  unsetenv("http_proxy");
  EXPECT_TRUE(asked) << asked.error().message;
}

TEST_F(HealthRequest, FailsWhereNobodyListensAndAsksBack) {
  const auto url = answering(200);
  server.reset();
  const auto asked = request_health(url);
  ASSERT_FALSE(asked);
  EXPECT_THAT(asked.error().message, AllOf(StartsWith(url + ": "), HasSubstr("--url")));
}

TEST_F(HealthRequest, GivesUpOnADaemonThatHangs) {
  boost::asio::io_context io;
  // Listens and never accepts: the kernel takes the connection, nobody answers.
  const tcp::acceptor mute(io, {boost::asio::ip::make_address("127.0.0.1"), 0});
  const auto url = "http://127.0.0.1:" + std::to_string(mute.local_endpoint().port()) + "/";
  const auto asked = request_health(url, std::chrono::milliseconds{50});
  ASSERT_FALSE(asked);
  EXPECT_THAT(asked.error().message, HasSubstr("Timeout"));
}

TEST(HealthcheckOptions, AsksTheDaemonOnTheLoopbackUnlessToldOtherwise) {
  EXPECT_EQ(parse({"healthcheck"}).command<HealthcheckOptions>().url,
            "http://127.0.0.1:10235/-/healthy");
  EXPECT_EQ(parse({"healthcheck", "--url=https://[::1]:1/x"}).command<HealthcheckOptions>().url,
            "https://[::1]:1/x");
}

TEST(HealthcheckOptions, RefusesWhatIsNoWebAddress) {
  for (const char* url : {"--url=127.0.0.1:10235", "--url=file:///etc/passwd"}) {
    const auto parsed = parse({"healthcheck", url});
    EXPECT_EQ(parsed.status(), 2) << url;
    EXPECT_THAT(parsed.err, HasSubstr("http://")) << url;
  }
  const auto idle = parse({"healthcheck", "--config.file=a.toml"});
  EXPECT_THAT(idle.err, HasSubstr("healthcheck takes no --config.file"));
}

}  // namespace
}  // namespace sre
