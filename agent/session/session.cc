#include "agent/session/session.h"

#include <algorithm>
#include <chrono>

#include "agent/session/connection.h"
#include "agent/session/dialogue.h"

namespace sre {
namespace {

namespace asio = boost::asio;

// curl_easy_send scans a multi's connections: more of them cost more than another multi.
constexpr std::size_t kMaxConnectionsPerLoop = 1000;
// A server that does not answer QUIT keeps nobody waiting for long.
constexpr auto kGoodbye = std::chrono::seconds{2};

}  // namespace

CurlLoop& SessionContext::loop() {
  std::erase_if(loops_, [](const auto& loop) { return !loop->sound() && loop->active() == 0; });
  for (const auto& loop : loops_) {
    if (loop->sound() && loop->active() < kMaxConnectionsPerLoop) return *loop;
  }
  return *loops_.emplace_back(std::make_unique<CurlLoop>(io_));
}

asio::awaitable<bool> converse(SessionContext& context, const Check& check,
                               const Endpoint& endpoint, Recorder& recorder, Instant connect_by,
                               Deadline& deadline) {
  deadline.settle(false);
  const auto trusted = context.trust().get(check.target->ca_file);
  if (!trusted) {
    recorder.fault(Phase::tls, Reason::internal_error, trusted.error().message);
    co_return true;
  }
  recorder.transcript().address = endpoint.address;
  Dial dial(context.io(), context.loop(), recorder, check, endpoint, *trusted);
  const bool open = co_await dial.open(connect_by, deadline);
  if (!open) co_return !dial.failed_to_connect();
  Connection connection(dial.socket(), dial.easy(), recorder, deadline);
  Dialogue dialogue(check, endpoint, context.sasl(), connection, recorder, deadline);
  co_await dialogue.run();
  // Whatever becomes of the goodbye, it changes nothing in what was found.
  deadline.settle(true);
  if (dialogue.wants_quit()) {
    Deadline goodbye(context.io(), std::min(deadline.at(), recorder.now() + kGoodbye));
    // A run that is broken off waits for no goodbye either.
    const Deadline::Guard both(deadline, [&goodbye] { goodbye.expire(); });
    connection.keep(goodbye);
    co_await dialogue.leave();
  }
  dialogue.part();
  co_return true;
}

}  // namespace sre
