#include "agent/daemon/daemon.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <utility>

#include "agent/base/log.h"
#include "agent/daemon/agent.h"
#include "agent/daemon/notify.h"
#include "agent/daemon/open_files.h"
#include "agent/daemon/watchdog.h"

namespace sre {
namespace {

namespace asio = boost::asio;

// Looks made within the time that systemd grants: an answer that is late by three of them still
// comes in time.
constexpr int kLooks = 5;

void look_again_and_again(asio::steady_timer& timer, Watchdog& watchdog, Duration interval) {
  watchdog.look();
  timer.expires_after(interval);
  timer.async_wait([&timer, &watchdog, interval](const boost::system::error_code& error) {
    if (!error) look_again_and_again(timer, watchdog, interval);
  });
}

void wait_for_signals(asio::io_context& io, asio::signal_set& signals, Agent& agent) {
  signals.async_wait([&](const boost::system::error_code& error, int signal) {
    if (error) return;
    if (signal == SIGHUP) {
      // An error is in the log already, and in the metrics.
      agent.reload();
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
  raise_open_file_limit();

  auto agent = Agent::start(std::move(options), system_clock());
  if (!agent) return tl::unexpected(std::move(agent.error()));
  notify_ready();
  wait_for_signals(io, signals, **agent);
  Watchdog watchdog((*agent)->threads());
  asio::steady_timer timer(io);
  if (const auto limit = watchdog_limit()) look_again_and_again(timer, watchdog, *limit / kLooks);
  io.run();
  notify_stopping();
  (*agent)->stop();
  return {};
}

}  // namespace sre
