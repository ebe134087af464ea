#include "agent/daemon/daemon.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <utility>

#include "agent/base/log.h"
#include "agent/daemon/agent.h"
#include "agent/daemon/notify.h"

namespace sre {
namespace {

namespace asio = boost::asio;

void wait_for_signals(asio::io_context& io, asio::signal_set& signals, Agent& agent) {
  signals.async_wait([&](const boost::system::error_code& error, int signal) {
    if (error) return;
    if (signal == SIGHUP) {
      // An error is in the log already, and in the metrics.
      static_cast<void>(agent.reload());
      wait_for_signals(io, signals, agent);
      return;
    }
    log::info("stopping", {{"signal", signal == SIGTERM ? "SIGTERM" : "SIGINT"}});
    io.stop();
  });
}

}  // namespace

Result<void> run_daemon(AgentOptions options) {
  // Asked for before any other thread is there, so that no signal finds its default action.
  asio::io_context io(1);
  asio::signal_set signals(io, SIGTERM, SIGINT, SIGHUP);
  std::signal(SIGPIPE, SIG_IGN);  // a peer that hangs up is an error of that write

  auto agent = Agent::start(std::move(options), system_clock());
  if (!agent) return tl::unexpected(std::move(agent.error()));
  log::info("listening", {{"address", fmt::format("{}", fmt::join((*agent)->addresses(), ","))}});
  notify_ready();
  wait_for_signals(io, signals, **agent);
  io.run();
  notify_stopping();
  (*agent)->stop();
  return {};
}

}  // namespace sre
