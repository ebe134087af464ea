#include "agent/web/http_server.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <future>
#include <thread>
#include <utility>

#include "agent/base/log.h"
#include "agent/base/thread.h"
#include "agent/check/host_port.h"
#include "agent/web/connection.h"
#include "agent/web/listen_address.h"

namespace sre {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto kDrain = std::chrono::seconds{2};
// After an error of accept() itself, most often too many open files.
constexpr auto kAcceptPause = std::chrono::milliseconds{200};
constexpr auto kTellEvery = std::chrono::minutes{1};

Result<tcp::endpoint> resolve(asio::io_context& context, const ListenAddress& address) {
  error_code error;
  const auto numeric = asio::ip::make_address(address.host, error);
  if (!error) return tcp::endpoint(numeric, address.port);
  tcp::resolver resolver(context);
  const auto found = resolver.resolve(address.host, fmt::to_string(address.port), error);
  if (error || found.empty()) {
    return failure(fmt::format("the host {} is unknown ({})", address.host, error.message()));
  }
  // Of a name with both kinds of address the IPv4 one, as other exporters do.
  for (const auto& entry : found) {
    if (entry.endpoint().address().is_v4()) return entry.endpoint();
  }
  return found.begin()->endpoint();
}

error_code listen(tcp::acceptor& acceptor, const tcp::endpoint& endpoint, bool both_families) {
  error_code error;
  const auto ok = [&] { return !error; };
  acceptor.open(endpoint.protocol(), error);
  if (ok()) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (ok() && endpoint.address().is_v6()) {
    acceptor.set_option(asio::ip::v6_only(!both_families), error);
  }
  if (ok()) acceptor.bind(endpoint, error);
  if (ok()) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    error_code ignored;
    acceptor.close(ignored);
  }
  return error;
}

std::string cure_of(const error_code& error) {
  if (error == asio::error::address_in_use) return "; stop what uses it or take another port";
  if (error == asio::error::access_denied) return "; ports below 1024 need a privilege";
  if (error == error_code(EADDRNOTAVAIL, boost::system::system_category())) {
    return "; take an address of this machine";
  }
  return "";
}

Result<tcp::acceptor> open_acceptor(asio::io_context& context, const std::string& text) {
  const auto fail = [&](const std::string& what) {
    return failure(fmt::format("cannot listen on \"{}\": {}", text, what));
  };
  const auto address = parse_listen_address(text);
  if (!address) return tl::unexpected(address.error());
  tcp::acceptor acceptor(context);
  error_code error;
  if (address->host.empty()) {
    // One IPv6 socket takes both families; a kernel without IPv6 leaves IPv4.
    error = listen(acceptor, {tcp::v6(), address->port}, true);
    if (error && error != asio::error::address_in_use) {
      error = listen(acceptor, {tcp::v4(), address->port}, false);
    }
  } else {
    const auto endpoint = resolve(context, *address);
    if (!endpoint) return fail(endpoint.error().message);
    error = listen(acceptor, *endpoint, false);
  }
  if (error) return fail(error.message() + cure_of(error));
  return acceptor;
}

std::string describe(const tcp::acceptor& acceptor) {
  error_code error;
  const auto endpoint = acceptor.local_endpoint(error);
  return host_port_text(endpoint.address().to_string(), endpoint.port());
}

void log_end(const std::exception_ptr& failure_of_connection) {
  if (!failure_of_connection) return;
  try {
    std::rethrow_exception(failure_of_connection);
  } catch (const std::exception& error) {
    log::error("http connection failed", {{"error", error.what()}});
  }
}

asio::awaitable<void> accept_clients(tcp::acceptor& acceptor, Service& service) {
  const auto executor = acceptor.get_executor();
  std::size_t failures = 0;  // since they were last told of
  Instant tell_again{};
  while (acceptor.is_open()) {
    auto [error, socket] = co_await acceptor.async_accept(asio::as_tuple(asio::use_awaitable));
    if (!acceptor.is_open()) co_return;
    if (!error) {
      asio::co_spawn(executor, serve(std::move(socket), service), log_end);
      continue;
    }
    ++failures;
    if (const auto now = system_clock().now(); now >= tell_again) {
      tell_again = now + kTellEvery;
      log::warn("cannot accept connections",
                {{"error", error.message()}, {"failures", std::exchange(failures, 0)}});
    }
    // Where there are no files left, a reader who has nothing to ask holds one.
    service.table.make_room();
    asio::steady_timer pause(executor, kAcceptPause);
    co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

}  // namespace

struct HttpServer::Impl {
  Impl(Handler handler, HttpLimits limits, TlsSource tls)
      : service{std::move(handler), limits, std::move(tls), ConnectionTable(limits.connections)} {}

  void run() noexcept;
  void begin_stop();

  Service service;
  asio::io_context context{1};  // dies before the service that its connections use
  std::vector<tcp::acceptor> acceptors;
  std::promise<void> finished;
  std::thread thread;
};

void HttpServer::Impl::run() noexcept {
  begin_thread("web");
  for (bool done = false; !done;) {
    try {
      context.run();
      done = true;
    } catch (const std::exception& error) {
      log::error("http server failed, and goes on", {{"error", error.what()}});
    }
  }
  finished.set_value();
}

void HttpServer::Impl::begin_stop() {
  service.stopping = true;
  error_code ignored;
  for (auto& acceptor : acceptors) acceptor.close(ignored);
  service.table.close_waiting();
}

HttpServer::HttpServer(Handler handler, HttpLimits limits, TlsSource tls)
    : impl_(std::make_unique<Impl>(std::move(handler), limits, std::move(tls))) {}

HttpServer::~HttpServer() { stop(); }

Result<void> HttpServer::start(std::span<const std::string> addresses) {
  std::vector<tcp::acceptor> acceptors;
  for (const auto& address : addresses) {
    auto acceptor = open_acceptor(impl_->context, address);
    if (!acceptor) return tl::unexpected(acceptor.error());
    acceptors.push_back(std::move(*acceptor));
  }
  // From here on the acceptors stay where they are: coroutines hold on to them.
  impl_->acceptors = std::move(acceptors);
  for (auto& acceptor : impl_->acceptors) {
    bound_.push_back(describe(acceptor));
    asio::co_spawn(impl_->context, accept_clients(acceptor, impl_->service), log_end);
  }
  impl_->thread = std::thread([impl = impl_.get()] { impl->run(); });
  return {};
}

void HttpServer::ask(std::function<void()> answer) {
  asio::post(impl_->context, std::move(answer));
}

void HttpServer::stop() noexcept {
  if (!impl_->thread.joinable()) return;
  asio::post(impl_->context, [impl = impl_.get()] { impl->begin_stop(); });
  if (impl_->finished.get_future().wait_for(kDrain) != std::future_status::ready) {
    impl_->context.stop();
  }
  impl_->thread.join();
}

}  // namespace sre
