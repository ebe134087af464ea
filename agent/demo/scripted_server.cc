#include "agent/demo/scripted_server.h"

#include <fmt/format.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>

#include "agent/demo/scripted_session.h"

namespace sre {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

struct ScriptedServer::Shared : SessionShared {
  Shared(asio::io_context& io, Script behaviour)
      : SessionShared(std::move(behaviour)), context(io), acceptor(io) {}

  static asio::awaitable<void> accept(std::shared_ptr<Shared> shared);

  asio::io_context& context;
  tcp::acceptor acceptor;
};

asio::awaitable<void> ScriptedServer::Shared::accept(std::shared_ptr<Shared> shared) {
  while (shared->acceptor.is_open()) {
    boost::system::error_code error;
    auto socket =
        co_await shared->acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
    if (!error) {
      socket.set_option(tcp::no_delay(true), error);
      asio::co_spawn(shared->context, serve_client(shared, std::move(socket)), asio::detached);
    } else if (shared->acceptor.is_open()) {
      // Out of descriptors, most likely: some will be free in a moment.
      asio::steady_timer pause(shared->context, std::chrono::milliseconds{50});
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
    }
  }
}

std::vector<std::string> ServerRecord::lines() const {
  std::vector<std::string> lines;
  std::string_view rest = received;
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    auto line = rest.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.emplace_back(line);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return lines;
}

Result<std::unique_ptr<ScriptedServer>> ScriptedServer::start(
    ServerLoop& loop, Script script, std::shared_ptr<const Certificates> certificates,
    Options options) {
  auto shared = std::make_shared<Shared>(loop.context(), std::move(script));
  if (shared->script.tls) {
    if (!certificates) return failure("a script with tls needs certificates");
    auto tls = certificates->server_context(*shared->script.tls);
    if (!tls) return tl::unexpected(std::move(tls.error()));
    SSL_CTX_up_ref(tls->get());  // Asio's context takes over one reference
    shared->tls.emplace(tls->get());
  }
  shared->clock = options.clock;
  shared->started = options.clock->now();
  shared->keep_received = options.record;
  std::uint16_t port = 0;
  try {
    const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), options.port);
    shared->acceptor.open(endpoint.protocol());
    shared->acceptor.set_option(tcp::acceptor::reuse_address(true));
    shared->acceptor.bind(endpoint);
    shared->acceptor.listen();
    port = shared->acceptor.local_endpoint().port();
  } catch (const boost::system::system_error& e) {
    return failure(
        fmt::format("a demo server cannot listen on 127.0.0.1:{}: {}", options.port, e.what()));
  }
  asio::co_spawn(shared->context, Shared::accept(shared), asio::detached);
  return std::unique_ptr<ScriptedServer>(new ScriptedServer(std::move(shared), port));
}

ScriptedServer::ScriptedServer(std::shared_ptr<Shared> shared, std::uint16_t port)
    : shared_(std::move(shared)), port_(port) {}

ScriptedServer::~ScriptedServer() {
  std::promise<void> done;
  asio::post(shared_->context, [&] {
    boost::system::error_code ignored;
    shared_->acceptor.close(ignored);
    for (auto* const client : shared_->clients) client->drop();
    done.set_value();
  });
  done.get_future().wait();
}

ServerRecord ScriptedServer::record() const {
  return shared_->record.with([](const ServerRecord& record) { return record; });
}

}  // namespace sre
