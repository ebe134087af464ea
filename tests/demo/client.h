#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace sre {

// A blocking SMTP client for tests of scripted servers. The test's thread only.
class Client {
 public:
  explicit Client(std::uint16_t port);

  // Sends a line and returns the whole reply to it.
  std::string say(std::string_view line);
  void send(std::string_view bytes);
  // A reply, its lines ended by '\n'; "<closed>" or "<reset>" stands where the connection ends.
  std::string reply();
  // Everything until the connection ends, then "<closed>" or "<reset>".
  std::string rest();
  // Sends no more.
  void finish_sending();
  // A TLS handshake as a client that trusts `ca_pem` and wants `localhost`: "ok" or OpenSSL's
  // sentence on the certificate, or "<broken>".
  std::string start_tls(const std::string& ca_pem);

 private:
  // Reads some more; nothing, or how the connection ended.
  std::optional<std::string> receive();

  boost::asio::io_context context_;
  boost::asio::ip::tcp::socket socket_{context_};
  boost::asio::ssl::context tls_context_{boost::asio::ssl::context::tls_client};
  std::optional<boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>> tls_;
  std::string in_;
};

}  // namespace sre
