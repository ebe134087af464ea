// A web server that has no memory for one client, or for all of them for a while.
#include <gmock/gmock.h>

#include <future>

#include "agent/web/http_server.h"
#include "tests/memory/failing_memory.h"
#include "tests/web/client.h"

namespace sre {
namespace {

using test::Client;

constexpr auto kRequest =
    "GET / HTTP/1.1\r\nHost: monitor.test\r\nConnection: close\r\nX: "
    "0123456789012345678901\r\n\r\n";

class WebMemoryTest : public testing::TestWithParam<bool> {
 protected:
  WebMemoryTest() {
    watch_memory();
    const std::vector<std::string> addresses = {"127.0.0.1:0"};
    EXPECT_TRUE(server.start(addresses));
  }

  // What `what` gives on the server's thread.
  template <class What>
  auto there(What what) {
    std::packaged_task<decltype(what())()> task(what);
    auto result = task.get_future();
    server.ask([&task] { task(); });
    return result.get();
  }

  // What a client gets; nothing where the server hangs up.
  std::string ask() {
    Client client(server.bound_addresses().at(0));
    client.send(kRequest);
    return client.read_all();
  }

  HttpServer server{[](const Request&) { return plain_text(200, "hello\n"); }};
};

TEST_P(WebMemoryTest, GoesOnListeningWhateverRequestForItFails) {
  const bool all = GetParam();
  const auto lacking = [&](std::size_t nth) {
    there([&] { fail_request(Asks::program, nth, all); });
    ask();
    return there([&] {
      const auto made = requests_made();
      no_more_failures();
      return made;
    });
  };
  ask();  // what is asked for once only is not counted
  const auto total = lacking(0);
  ASSERT_GT(total, 3U) << "nothing asked for memory, so nothing is tested";
  for (std::size_t nth = 1; nth <= total; ++nth) {
    lacking(nth);
    ASSERT_THAT(ask(), testing::StartsWith("HTTP/1.1 200")) << "after request " << nth;
  }
}

INSTANTIATE_TEST_SUITE_P(Lacks, WebMemoryTest, testing::Bool(),
                         [](const auto& lack) { return lack.param ? "AllForAWhile" : "One"; });

}  // namespace
}  // namespace sre
