#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "agent/access/tls_server.h"
#include "agent/base/clock.h"
#include "agent/base/result.h"
#include "agent/web/http.h"

namespace sre {

// What a client may ask of the server before it is turned away.
struct HttpLimits {
  std::size_t header_bytes = 16 * 1024;
  std::size_t body_bytes = 64 * 1024;
  std::size_t connections = 512;
  Duration header_timeout = std::chrono::seconds{10};  // of a TLS handshake; of a request's header
  Duration body_timeout = std::chrono::seconds{10};
  Duration idle_timeout = std::chrono::seconds{60};   // between two requests of a connection
  Duration write_timeout = std::chrono::seconds{60};  // of one whole response
  // A client that takes less of its answer in this time makes room for others who want its place.
  Duration stall_timeout = std::chrono::seconds{2};
  std::size_t stall_bytes = 16 * 1024;
  // How long a connection that we end is still read, so that the client sees our last words.
  Duration linger_timeout = std::chrono::seconds{2};
};

// What a new connection speaks TLS by; null for plain HTTP. Called on the server's thread.
using TlsSource = std::function<std::shared_ptr<const TlsServer>()>;

// Serves a handler over HTTP/1.1, or over TLS, on a thread of its own, one request of a connection
// after the other, all connections at once. start() and stop() belong to the thread that owns the
// server.
class HttpServer {
 public:
  explicit HttpServer(Handler handler, HttpLimits limits = {}, TlsSource tls = {});
  ~HttpServer();  // stops
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Listens on all of `addresses` ("host:port", ":10235" for every address of the machine,
  // "[::1]:0" for a free port) or on none; the error names the address and the cure. Once only.
  Result<void> start(std::span<const std::string> addresses);

  // What start() came to: "127.0.0.1:10235", "[::]:10235".
  const std::vector<std::string>& bound_addresses() const { return bound_; }

  // Calls `answer` on the server's thread: a sign that it lives. Thread-safe.
  void ask(std::function<void()> answer);

  // Ends what waits at once, lets answers under way two seconds to get out, joins the thread.
  void stop() noexcept;

 private:
  struct Impl;

  std::unique_ptr<Impl> impl_;
  std::vector<std::string> bound_;
};

}  // namespace sre
