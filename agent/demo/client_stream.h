#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace sre {

// A client's connection, in clear or inside TLS. Failures are boost::system::system_error: the
// session they end is a client's, and nothing else cares. Server loop's thread only.
class ClientStream {
 public:
  using tcp = boost::asio::ip::tcp;
  template <class T>
  using Task = boost::asio::awaitable<T>;

  explicit ClientStream(tcp::socket socket) : socket_(std::move(socket)) {}

  // Whatever has come, at most 16 KiB.
  Task<std::string> read();
  // All of `bytes`, which must live until it is done.
  Task<void> write(std::string_view bytes);
  // The server's side of a TLS handshake.
  Task<void> handshake(boost::asio::ssl::context& context);
  bool tls() const { return tls_.has_value(); }

  // Says goodbye, inside TLS by close_notify, and waits for the client to go as well: a socket
  // closed on unread bytes would send a reset that overtakes the last reply.
  Task<void> close();
  // Sends a TCP reset at once.
  void reset();
  // Makes every operation under way fail.
  void drop() noexcept;

 private:
  tcp::socket socket_;
  std::optional<boost::asio::ssl::stream<tcp::socket&>> tls_;
};

}  // namespace sre
