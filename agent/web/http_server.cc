#include "agent/web/http_server.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <future>
#include <list>
#include <new>
#include <thread>
#include <utility>

#include "agent/base/fault.h"
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

std::string address_of(const tcp::acceptor& acceptor) {
  error_code error;
  const auto endpoint = acceptor.local_endpoint(error);
  return host_port_text(endpoint.address().to_string(), endpoint.port());
}

// A log line takes memory as well; without it the line is lost, and nothing else.
void complain(std::string_view what, const std::exception& error) noexcept {
  caught([&] { log::error(what, {{"error", describe(error)}}); });
}

void log_end(const std::exception_ptr& failure_of_connection) noexcept {
  if (!failure_of_connection) return;
  try {
    std::rethrow_exception(failure_of_connection);
  } catch (const std::exception& error) {
    complain("http connection failed", error);
  }
}

// Takes in the clients of one address, as long as its acceptor is open. No coroutine: Asio drops
// one that it has no memory to go on with, and nobody would listen from then on.
class Listener {
 public:
  Listener(tcp::acceptor acceptor, Service& service)
      : acceptor_(std::move(acceptor)), pause_(acceptor_.get_executor()), service_(service) {}

  // Waits for the next client, unless it does already. After it threw, which is for want of memory,
  // it may be called again.
  void listen() {
    if (busy_ || !acceptor_.is_open()) return;
    acceptor_.async_accept([this](const error_code& error, tcp::socket socket) {
      busy_ = false;
      if (acceptor_.is_open()) take_in(error, std::move(socket));
    });
    busy_ = true;
  }

  void close() {
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
  }

  std::string address() const { return address_of(acceptor_); }

 private:
  void take_in(error_code error, tcp::socket socket) {
    try {
      if (!error)
        asio::co_spawn(acceptor_.get_executor(), serve(std::move(socket), service_), log_end);
    } catch (const std::bad_alloc&) {
      error = error_code(ENOMEM, boost::system::system_category());
    }
    if (error) {
      tell(error);
      // Where there is nothing left, a reader who has nothing to ask holds some of it.
      service_.table.make_room(system_clock().now());
      wait_a_moment();
    } else {
      listen();
    }
  }

  void wait_a_moment() {
    pause_.expires_after(kAcceptPause);
    pause_.async_wait([this](const error_code&) {
      busy_ = false;
      listen();
    });
    busy_ = true;
  }

  void tell(const error_code& error) noexcept {
    ++failures_;
    const auto now = system_clock().now();
    if (now < tell_again_) return;
    tell_again_ = now + kTellEvery;
    caught([&] {
      log::warn("cannot accept connections",
                {{"error", error.message()}, {"failures", std::exchange(failures_, 0)}});
    });
  }

  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  Service& service_;
  bool busy_ = false;         // waits for a client, or for the end of the pause
  std::size_t failures_ = 0;  // since they were last told of
  Instant tell_again_{};
};

}  // namespace

struct HttpServer::Impl {
  Impl(Handler handler, HttpLimits limits, TlsSource tls)
      : service{std::move(handler), limits, std::move(tls),
                ConnectionTable(limits.connections, limits.stall_timeout)} {}

  void run() noexcept;
  bool run_until_fault() noexcept;
  void begin_stop();

  Service service;
  asio::io_context context{1};    // dies before the service that its connections use
  std::list<Listener> listeners;  // which stay where they are
  bool faulty = false;            // a handler was lost: whatever it should have seen to is undone
  std::promise<void> finished;
  std::thread thread;
};

void HttpServer::Impl::run() noexcept {
  begin_thread("web");
  while (!run_until_fault()) {
  }
  finished.set_value();
}

// True when there is nothing left to do, as after a stop. What a handler throws is a lack of
// memory; the others go on meanwhile, and whoever does not listen any more begins again.
bool HttpServer::Impl::run_until_fault() noexcept {
  try {
    if (std::exchange(faulty, false)) {
      const auto work = asio::make_work_guard(context);
      context.run_for(kAcceptPause);
    }
    for (auto& listener : listeners) listener.listen();
    context.run();
  } catch (const std::exception& error) {
    complain("http server failed, and goes on", error);
    faulty = true;
  }
  return !faulty;
}

void HttpServer::Impl::begin_stop() {
  service.stopping = true;
  for (auto& listener : listeners) listener.close();
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
  for (auto& acceptor : acceptors) {
    impl_->listeners.emplace_back(std::move(acceptor), impl_->service);
    bound_.push_back(impl_->listeners.back().address());
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
