#include "agent/demo/client_stream.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace sre {

namespace asio = boost::asio;

ClientStream::Task<std::string> ClientStream::read() {
  std::string bytes(16 * 1024, '\0');
  std::size_t size = 0;
  if (tls_) {
    size = co_await tls_->async_read_some(asio::buffer(bytes), asio::use_awaitable);
  } else {
    size = co_await socket_.async_read_some(asio::buffer(bytes), asio::use_awaitable);
  }
  bytes.resize(size);
  co_return bytes;
}

ClientStream::Task<void> ClientStream::write(std::string_view bytes) {
  const auto buffer = asio::buffer(bytes.data(), bytes.size());
  if (tls_) {
    co_await asio::async_write(*tls_, buffer, asio::use_awaitable);
  } else {
    co_await asio::async_write(socket_, buffer, asio::use_awaitable);
  }
}

ClientStream::Task<void> ClientStream::handshake(asio::ssl::context& context) {
  tls_.emplace(socket_, context);
  co_await tls_->async_handshake(asio::ssl::stream_base::server, asio::use_awaitable);
}

ClientStream::Task<void> ClientStream::close() {
  boost::system::error_code error;
  if (tls_) {
    co_await tls_->async_shutdown(asio::redirect_error(asio::use_awaitable, error));
  } else {
    socket_.shutdown(tcp::socket::shutdown_send, error);
    std::string rest(4096, '\0');
    while (!error) {
      co_await socket_.async_read_some(asio::buffer(rest),
                                       asio::redirect_error(asio::use_awaitable, error));
    }
  }
  drop();
}

void ClientStream::reset() {
  socket_.set_option(asio::socket_base::linger(true, 0));
  drop();
}

void ClientStream::drop() noexcept {
  boost::system::error_code ignored;  // nothing is left to be done about it
  socket_.close(ignored);
}

}  // namespace sre
