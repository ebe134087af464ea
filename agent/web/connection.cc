#include "agent/web/connection.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "agent/base/clock.h"
#include "agent/base/log.h"
#include "agent/report/time_text.h"

namespace sre {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::asio::ip::tcp;

constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kReadBytes = 4096;
// A client that we turned away may send this much more before it is cut off.
constexpr std::size_t kLingerBytes = 1024 * 1024;

// What reading a request came to: the request, or the status that refuses it, or neither when the
// client is gone.
struct Reading {
  std::optional<Request> request;
  int refusal = 0;
  unsigned version = 11;
  bool keep_alive = false;
};

Reading refuse(const beast::error_code& error) {
  Reading reading;
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    reading.refusal = 431;
  } else if (error == http::error::body_limit) {
    reading.refusal = 413;
  } else if (error != http::error::end_of_stream && error != http::error::partial_message &&
             error.category() == http::make_error_code(http::error::bad_method).category()) {
    reading.refusal = 400;
  }
  return reading;
}

Request to_request(http::request<http::string_body>&& message) {
  Request request = Request::to(message.method_string(), message.target());
  for (const auto& field : message) {
    request.headers.push_back({std::string(field.name_string()), std::string(field.value())});
  }
  request.body = std::move(message.body());
  return request;
}

using TlsStream = asio::ssl::stream<beast::tcp_stream&>;

// One client's requests and answers, in order. `Stream` is a beast::tcp_stream, or TLS over one.
template <class Stream>
class Conversation {
 public:
  // `tls` is what held when the connection came; `buffer` holds what has been read of the first
  // request already.
  Conversation(Stream& stream, const Handler& handler, Service& service,
               ConnectionTable::Seat& seat, std::string remote,
               std::shared_ptr<const TlsServer> tls, beast::flat_buffer buffer = {})
      : stream_(stream),
        handler_(handler),
        service_(service),
        seat_(seat),
        remote_(std::move(remote)),
        began_with_(std::move(tls)),
        buffer_(std::move(buffer)) {}

  asio::awaitable<void> run() {
    Duration patience = service_.limits.header_timeout;
    while (co_await bytes_come_within(patience)) {
      if (is_outdated()) {
        co_await say_goodbye();
        co_return;
      }
      const auto reading = co_await read_request();
      if (!reading.request && reading.refusal == 0) co_return;
      seat_.set_busy();
      Response response;
      if (reading.request) {
        response = co_await answer(*reading.request);
      } else {
        response = refusal(reading.refusal);
      }
      const bool head = reading.request && reading.request->method == "HEAD";
      const bool stay = reading.keep_alive && !service_.stopping;
      const bool sent = co_await write(response, head, stay, reading.version);
      seat_.set_waiting();
      if (!sent) co_return;
      if (!stay || service_.stopping) {
        co_await say_goodbye();
        co_return;
      }
      patience = service_.limits.idle_timeout;
    }
  }

 private:
  // A connection from before a change of TLS or of what clients must show is not asked for anything
  // any more: its client comes again, and is looked at anew.
  bool is_outdated() const { return service_.tls && service_.tls() != began_with_; }

  beast::tcp_stream& lowest() { return beast::get_lowest_layer(stream_); }

  // Waits for the first byte of a request apart from the rest of it: an idle connection may stay
  // longer than a slow header.
  asio::awaitable<bool> bytes_come_within(Duration limit) {
    if (buffer_.size() > 0) co_return true;
    lowest().expires_after(limit);
    const auto [error, count] =
        co_await stream_.async_read_some(buffer_.prepare(kReadBytes), kAsTuple);
    buffer_.commit(count);
    co_return !error;
  }

  asio::awaitable<Reading> read_request() {
    http::request_parser<http::string_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(service_.limits.header_bytes));
    parser.body_limit(service_.limits.body_bytes);
    lowest().expires_after(service_.limits.header_timeout);
    const auto [header_error, header_count] =
        co_await http::async_read_header(stream_, buffer_, parser, kAsTuple);
    if (header_error) co_return refuse(header_error);
    lowest().expires_after(service_.limits.body_timeout);
    if (beast::iequals(parser.get()[http::field::expect], "100-continue")) {
      http::response<http::empty_body> go_on(http::status::continue_, parser.get().version());
      const auto [error, count] = co_await http::async_write(stream_, go_on, kAsTuple);
      if (error) co_return Reading{};
    }
    const auto [body_error, body_count] =
        co_await http::async_read(stream_, buffer_, parser, kAsTuple);
    if (body_error) co_return refuse(body_error);
    Reading reading;
    reading.version = parser.get().version();
    reading.keep_alive = parser.get().keep_alive();
    // RFC 9112 section 3.2: a request of HTTP/1.1 without exactly one Host is turned down.
    if (reading.version >= 11 && parser.get().count(http::field::host) != 1) {
      reading.keep_alive = false;
      reading.refusal = 400;
      co_return reading;
    }
    reading.request = to_request(parser.release());
    reading.request->remote = remote_;
    co_return reading;
  }

  asio::awaitable<Response> answer(const Request& request) {
    auto response = made(request, [&] { return handler_(request); });
    while (response.later) {
      const auto make = co_await wait_for(response.later);
      response = made(request, make);
    }
    log::debug("http request", {{"method", request.method},
                                {"path", request.path},
                                {"status", response.status},
                                {"remote", request.remote}});
    co_return response;
  }

  static Response made(const Request& request, const MakeResponse& make) {
    try {
      return make();
    } catch (const std::exception& error) {
      log::error("http request failed", {{"path", request.path}, {"error", error.what()}});
      return refusal(500);
    }
  }

  // Comes back to this thread with what `later` hands over on another one.
  asio::awaitable<MakeResponse> wait_for(decltype(Response::later) later) {
    const auto executor = co_await asio::this_coro::executor;
    const auto wait = [&](auto handler) {
      auto shared = std::make_shared<decltype(handler)>(std::move(handler));
      later([executor, shared](MakeResponse make) {
        asio::post(executor, [shared, make = std::move(make)]() mutable {
          std::move (*shared)(std::move(make));
        });
      });
    };
    co_return co_await asio::async_initiate<decltype(asio::use_awaitable), void(MakeResponse)>(
        wait, asio::use_awaitable);
  }

  static Response refusal(int status) {
    auto response = plain_text(status, std::string(status_text(status)) + ".\n");
    response.headers.push_back({"X-Content-Type-Options", "nosniff"});
    return response;
  }

  asio::awaitable<bool> write(const Response& response, bool head, bool stay, unsigned version) {
    using Body = http::span_body<const char>;
    http::response<Body> message;
    message.version(version);
    message.result(static_cast<unsigned>(response.status));
    message.insert(http::field::date, http_date(system_clock().wall()));
    if (!response.content_type.empty()) {
      message.insert(http::field::content_type, response.content_type);
    }
    for (const auto& header : response.headers) message.insert(header.name, header.value);
    message.body() = {response.body.data(), response.body.size()};
    message.content_length(response.body.size());
    message.keep_alive(stay);

    lowest().expires_after(service_.limits.write_timeout);
    http::response_serializer<Body> serializer{message};
    if (head) {
      const auto [error, count] = co_await http::async_write_header(stream_, serializer, kAsTuple);
      co_return !error;
    }
    co_return co_await send(serializer);
  }

  // Piece by piece, so that a client who does not read is known by it; one that takes a byte now
  // and then is none who reads.
  template <class Serializer>
  asio::awaitable<bool> send(Serializer& serializer) {
    seat_.set_moved(system_clock().now());
    std::size_t went = 0;
    while (!serializer.is_done()) {
      const auto [error, count] = co_await http::async_write_some(stream_, serializer, kAsTuple);
      if (error) co_return false;
      went += count;
      if (went < service_.limits.stall_bytes) continue;
      went = 0;
      seat_.set_moved(system_clock().now());
    }
    co_return true;
  }

  // Closing a socket with unread bytes resets the connection, and the client may never see the
  // answer that explains it; so the rest is read and thrown away for a while.
  asio::awaitable<void> say_goodbye() {
    lowest().expires_after(service_.limits.linger_timeout);
    if constexpr (std::is_same_v<Stream, TlsStream>) co_await stream_.async_shutdown(kAsTuple);
    beast::error_code ignored;
    lowest().socket().shutdown(tcp::socket::shutdown_send, ignored);
    if (service_.stopping) co_return;
    for (std::size_t thrown_away = 0; thrown_away < kLingerBytes;) {
      buffer_.clear();
      const auto [error, count] =
          co_await lowest().async_read_some(buffer_.prepare(kReadBytes), kAsTuple);
      if (error) co_return;
      thrown_away += count;
    }
  }

  Stream& stream_;
  const Handler& handler_;
  Service& service_;
  ConnectionTable::Seat& seat_;
  const std::string remote_;
  const std::shared_ptr<const TlsServer> began_with_;
  // Bounded by what the parser takes from it before it says that a limit is broken.
  beast::flat_buffer buffer_;
};

std::string address_of(const tcp::socket& socket) {
  beast::error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  return error ? std::string() : endpoint.address().to_string();
}

// To a client that took the address for one of plain HTTP. Its request is not looked at.
Response https_only(const Request&) {
  return plain_text(400, "This address speaks HTTPS: write https:// in place of http://.\n");
}

// TLS first, then as without it.
asio::awaitable<void> serve_tls(beast::tcp_stream& stream, Service& service,
                                std::shared_ptr<const TlsServer> tls, ConnectionTable::Seat& seat,
                                std::string remote) {
  stream.expires_after(service.limits.header_timeout);
  beast::flat_buffer buffer;
  const auto [error, is_tls] = co_await beast::async_detect_ssl(stream, buffer, kAsTuple);
  if (error) co_return;
  if (!is_tls) {
    const Handler handler = https_only;
    Conversation conversation(stream, handler, service, seat, std::move(remote), std::move(tls),
                              std::move(buffer));
    co_await conversation.run();
    co_return;
  }
  TlsStream encrypted(stream, tls->context);
  const auto [fault, used] =
      co_await encrypted.async_handshake(asio::ssl::stream_base::server, buffer.data(), kAsTuple);
  if (fault) {
    log::debug("no TLS connection came about", {{"remote", remote}, {"error", fault.message()}});
    co_return;
  }
  Conversation conversation(encrypted, service.handler, service, seat, std::move(remote), tls);
  co_await conversation.run();
}

}  // namespace

asio::awaitable<void> serve(tcp::socket socket, Service& service) {
  auto remote = address_of(socket);
  beast::tcp_stream stream(std::move(socket));
  auto seat = service.table.admit([&stream] { stream.close(); }, system_clock().now());
  if (!seat) co_return;
  beast::error_code ignored;
  stream.socket().set_option(tcp::no_delay(true), ignored);
  if (auto tls = service.tls ? service.tls() : nullptr) {
    co_await serve_tls(stream, service, std::move(tls), *seat, std::move(remote));
    co_return;
  }
  Conversation conversation(stream, service.handler, service, *seat, std::move(remote), nullptr);
  co_await conversation.run();
}

}  // namespace sre
