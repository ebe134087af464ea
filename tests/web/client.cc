#include "tests/web/client.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace sre::test {

Client::Client(const std::string& address) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  const auto colon = address.rfind(':');
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1))));
  inet_pton(AF_INET, address.substr(0, colon).c_str(), &to.sin_addr);
  const timeval patience{10, 0};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
    throw std::runtime_error("cannot connect to " + address);
  }
}

Client::~Client() { close(socket_); }

long Client::receive(char* bytes, std::size_t count) { return recv(socket_, bytes, count, 0); }

long Client::transmit(const char* bytes, std::size_t count) {
  return ::send(socket_, bytes, count, MSG_NOSIGNAL);
}

bool Client::send(std::string_view text) {
  while (!text.empty()) {
    const auto sent = transmit(text.data(), text.size());
    if (sent <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool Client::fill() {
  char bytes[65536];
  const auto count = receive(bytes, sizeof bytes);
  if (count <= 0) return false;
  received_.append(bytes, static_cast<std::size_t>(count));
  return true;
}

std::string Client::read_until(std::string_view mark) {
  std::size_t found = 0;
  while ((found = received_.find(mark)) == std::string::npos) {
    if (!fill()) return std::exchange(received_, {});
  }
  return read_bytes(found + mark.size());
}

std::string Client::read_bytes(std::size_t count) {
  while (received_.size() < count && fill()) {
  }
  auto bytes = received_.substr(0, count);
  received_.erase(0, count);
  return bytes;
}

std::string Client::read_all() {
  while (fill()) {
  }
  return std::exchange(received_, {});
}

std::string Client::read_response() {
  auto response = read_until("\r\n\r\n");
  const std::string_view name = "Content-Length: ";
  const auto length = response.find(name);
  if (length == std::string::npos) return response;
  return response + read_bytes(std::stoul(response.substr(length + name.size())));
}

}  // namespace sre::test
