#pragma once

#include <string>
#include <string_view>

namespace sre::test {

// A plain blocking TCP client: says what it is told to, byte by byte. A read that finds nothing
// for ten seconds ends as if the server had closed, so that a broken server fails a test and does
// not hang it.
class Client {
 public:
  // `address` as the server names it: "127.0.0.1:1234".
  explicit Client(const std::string& address);
  virtual ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Sends all of it; false when the server does not take it.
  bool send(std::string_view text);
  // Reads until `mark` has come, and returns what came up to its end; what there was before the
  // server closed where it has not.
  std::string read_until(std::string_view mark);
  std::string read_bytes(std::size_t count);
  // Reads until the server closes.
  std::string read_all();
  // A whole answer: header, and body as long as Content-Length says.
  std::string read_response();

 protected:
  int socket() const { return socket_; }

 private:
  // As recv() and send() do it.
  virtual long receive(char* bytes, std::size_t count);
  virtual long transmit(const char* bytes, std::size_t count);
  bool fill();

  int socket_;
  std::string received_;
};

}  // namespace sre::test
