#include "tests/demo/client.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

namespace sre {

namespace asio = boost::asio;

Client::Client(std::uint16_t port) { socket_.connect({asio::ip::address_v4::loopback(), port}); }

std::string Client::say(std::string_view line) {
  send(std::string(line) + "\r\n");
  return reply();
}

void Client::send(std::string_view bytes) {
  const auto buffer = asio::buffer(bytes.data(), bytes.size());
  if (tls_) {
    asio::write(*tls_, buffer);
  } else {
    asio::write(socket_, buffer);
  }
}

std::optional<std::string> Client::receive() {
  std::string bytes(65536, '\0');
  boost::system::error_code error;
  const auto size = tls_ ? tls_->read_some(asio::buffer(bytes), error)
                         : socket_.read_some(asio::buffer(bytes), error);
  in_.append(bytes, 0, size);
  if (!error) return std::nullopt;
  return error == asio::error::connection_reset ? "<reset>" : "<closed>";
}

std::string Client::reply() {
  std::string lines;
  while (true) {
    const auto end = in_.find('\n');
    if (end == std::string::npos) {
      if (const auto ended = receive()) return lines + *ended;
      continue;
    }
    auto line = in_.substr(0, end + 1);
    in_.erase(0, end + 1);
    if (line.ends_with("\r\n")) line.replace(line.size() - 2, 2, "\n");
    lines += line;
    if (line.size() < 4 || line[3] != '-') return lines;
  }
}

std::string Client::rest() {
  while (true) {
    if (const auto ended = receive()) return in_ + *ended;
  }
}

void Client::finish_sending() { socket_.shutdown(asio::ip::tcp::socket::shutdown_send); }

std::string Client::start_tls(const std::string& ca_pem) {
  tls_context_.add_certificate_authority(asio::buffer(ca_pem));
  tls_context_.set_verify_mode(asio::ssl::verify_peer);
  tls_.emplace(socket_, tls_context_);
  SSL_set1_host(tls_->native_handle(), "localhost");
  boost::system::error_code error;
  tls_->handshake(asio::ssl::stream_base::client, error);
  if (!error) return "ok";
  const auto result = SSL_get_verify_result(tls_->native_handle());
  return result == X509_V_OK ? "<broken>" : X509_verify_cert_error_string(result);
}

}  // namespace sre
