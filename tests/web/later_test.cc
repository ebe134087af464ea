// Answers that have to be waited for: given on another thread, while others are served.
#include <gmock/gmock.h>

#include <condition_variable>
#include <mutex>
#include <stdexcept>

#include "agent/web/http_server.h"
#include "tests/web/client.h"

namespace sre {
namespace {

using test::Client;
using testing::HasSubstr;
using testing::IsEmpty;

std::string get(std::string_view path) {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: monitor.test\r\n\r\n";
}

// A server whose /later is answered when the test says so.
class LaterTest : public testing::Test {
 protected:
  LaterTest() : server([this](const Request& request) { return answer(request); }) {
    const std::vector<std::string> addresses = {"127.0.0.1:0"};
    EXPECT_TRUE(server.start(addresses));
  }

  ~LaterTest() override {
    server.stop();
    waiting_.clear();
  }

  const std::string& address() const { return server.bound_addresses().at(0); }

  // The hand-overs of `count` requests to /later, as soon as all have come.
  std::vector<HandOver> wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    come_.wait_for(lock, std::chrono::seconds{10}, [&] { return waiting_.size() >= count; });
    return waiting_;
  }

 private:
  Response answer(const Request& request) {
    if (request.path != "/later") return plain_text(200, "at once\n");
    Response response;
    response.later = [this](const HandOver& hand_over) {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(hand_over);
      come_.notify_all();
    };
    return response;
  }

  std::mutex mutex_;
  std::condition_variable come_;
  std::vector<HandOver> waiting_;

 protected:
  HttpServer server;  // last: its thread uses the above
};

TEST_F(LaterTest, AnswersWhatAnotherThreadHandsOver) {
  Client client(address());
  client.send(get("/later"));
  const auto waiting = wait_for(1);
  ASSERT_EQ(waiting.size(), 1U);
  waiting[0]([] { return plain_text(202, "done\n"); });
  EXPECT_THAT(client.read_response(), AllOf(HasSubstr(" 202 "), HasSubstr("\r\n\r\ndone\n")));
  client.send(get("/now"));
  EXPECT_THAT(client.read_response(), HasSubstr("at once")) << "the connection goes on";
}

TEST_F(LaterTest, ServesOthersWhileFiveHundredWait) {
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 500; ++i) {
    clients.push_back(std::make_unique<Client>(address()));
    clients.back()->send(get("/later"));
  }
  const auto waiting = wait_for(clients.size());
  ASSERT_EQ(waiting.size(), clients.size());
  Client other(address());
  other.send(get("/now"));
  EXPECT_THAT(other.read_response(), HasSubstr("at once"));
  for (const auto& hand_over : waiting) hand_over([] { return plain_text(200, "done\n"); });
  for (auto& client : clients) EXPECT_THAT(client->read_response(), HasSubstr("done\n"));
}

TEST_F(LaterTest, MakesAFaultOfTheMakerA500) {
  Client client(address());
  client.send(get("/later"));
  const auto waiting = wait_for(1);
  ASSERT_EQ(waiting.size(), 1U);
  waiting[0]([]() -> Response { throw std::runtime_error("as asked"); });
  EXPECT_THAT(client.read_response(), HasSubstr(" 500 "));
}

TEST_F(LaterTest, OutlivesAClientThatLeavesBeforeItsAnswer) {
  {
    Client client(address());
    client.send(get("/later"));
    wait_for(1);
  }
  wait_for(1)[0]([] { return plain_text(200, "nobody listens\n"); });
  Client other(address());
  other.send(get("/now"));
  EXPECT_THAT(other.read_response(), HasSubstr("at once"));
}

TEST_F(LaterTest, StopsWithAnswersThatNeverCame) {
  Client client(address());
  client.send(get("/later"));
  wait_for(1);
  server.stop();
  EXPECT_THAT(client.read_all(), IsEmpty());
}

}  // namespace
}  // namespace sre
