// The SMTP server that the benchmark asks: one thread, no state, every login welcome. It listens on
// a number of loopback addresses, so that many targets are really many, with three ports each:
// plain (AUTH in clear), starttls, and mute (accepts and never says a word).

#include <CLI/CLI.hpp>
#include <array>
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;

enum class Kind { plain, starttls, mute };

struct Settings {
  int addresses = 20;
  int delay_ms = 0;
  std::string certificate;
  std::string key;
};

struct Server {
  explicit Server(const Settings& settings)
      : delay(std::chrono::milliseconds{settings.delay_ms}), tls(ssl::context::tls_server) {
    tls.use_certificate_chain_file(settings.certificate);
    tls.use_private_key_file(settings.key, ssl::context::pem);
  }
  std::chrono::milliseconds delay;
  ssl::context tls;
};

awaitable<void> pause(std::chrono::milliseconds delay) {
  if (delay.count() == 0) co_return;
  asio::steady_timer timer(co_await asio::this_coro::executor, delay);
  co_await timer.async_wait(use_awaitable);
}

template <class Stream>
awaitable<void> say(const Server& server, Stream& stream, std::string_view reply) {
  co_await pause(server.delay);
  co_await asio::async_write(stream, asio::buffer(reply), use_awaitable);
}

// Answers commands until QUIT (false) or STARTTLS (true).
template <class Stream>
awaitable<bool> converse(const Server& server, Stream& stream, bool offers_tls) {
  const std::string_view ehlo = offers_tls ? "250-bench.example.com\r\n250 STARTTLS\r\n"
                                           : "250-bench.example.com\r\n250 AUTH PLAIN LOGIN\r\n";
  std::string buffer;
  for (;;) {
    const auto size = co_await asio::async_read_until(stream, asio::dynamic_buffer(buffer, 4096),
                                                      "\r\n", use_awaitable);
    const std::string verb = buffer.substr(0, 4);
    buffer.erase(0, size);
    if (verb == "EHLO") {
      co_await say(server, stream, ehlo);
    } else if (verb == "AUTH") {
      co_await say(server, stream, "235 2.7.0 Authentication successful\r\n");
    } else if (verb == "STAR" && offers_tls) {
      co_await say(server, stream, "220 2.0.0 Ready to start TLS\r\n");
      co_return true;
    } else if (verb == "QUIT") {
      co_await say(server, stream, "221 2.0.0 Bye\r\n");
      co_return false;
    } else {
      co_await say(server, stream, "502 5.5.1 Not here\r\n");
    }
  }
}

awaitable<void> serve(Server& server, tcp::socket socket, Kind kind) {
  try {
    socket.set_option(tcp::no_delay(true));
    if (kind == Kind::mute) {
      std::array<char, 256> ignored;
      while (co_await socket.async_read_some(asio::buffer(ignored), use_awaitable) > 0) {
      }
    }
    co_await say(server, socket, "220 bench.example.com ESMTP\r\n");
    if (!co_await converse(server, socket, kind == Kind::starttls)) co_return;
    ssl::stream<tcp::socket&> stream(socket, server.tls);
    co_await stream.async_handshake(ssl::stream_base::server, use_awaitable);
    co_await converse(server, stream, false);
  } catch (const boost::system::system_error&) {
    // The client went away.
  }
}

awaitable<void> listen(Server& server, tcp::acceptor acceptor, Kind kind) {
  for (;;) {
    auto socket = co_await acceptor.async_accept(use_awaitable);
    asio::co_spawn(acceptor.get_executor(), serve(server, std::move(socket), kind), asio::detached);
  }
}

// One port of each kind, the same on all addresses: 127.77.0.1, 127.77.0.2, ...
std::uint16_t open(asio::io_context& io, Server& server, const Settings& settings, Kind kind) {
  std::uint16_t port = 0;
  for (int i = 1; i <= settings.addresses; ++i) {
    const auto address = "127.77.0." + std::to_string(i);
    tcp::acceptor acceptor(io, {asio::ip::make_address(address), port});
    acceptor.listen(4096);
    port = acceptor.local_endpoint().port();
    asio::co_spawn(io, listen(server, std::move(acceptor), kind), asio::detached);
  }
  return port;
}

int run(const Settings& settings) {
  asio::io_context io(1);
  Server server(settings);
  nlohmann::json ready;
  ready["addresses"] = settings.addresses;
  ready["plain"] = open(io, server, settings, Kind::plain);
  ready["starttls"] = open(io, server, settings, Kind::starttls);
  ready["mute"] = open(io, server, settings, Kind::mute);
  std::cout << ready.dump() << std::endl;
  asio::signal_set signals(io, SIGTERM, SIGINT);
  signals.async_wait([&io](auto, auto) { io.stop(); });
  io.run();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app("SMTP server for benchmarks; prints its ports as JSON when it is ready");
  app.add_option("--certificate", settings.certificate, "certificate chain, PEM")->required();
  app.add_option("--key", settings.key, "its private key, PEM")->required();
  app.add_option("--addresses", settings.addresses, "how many, from 127.77.0.1 on")
      ->check(CLI::Range(1, 250));
  app.add_option("--delay-ms", settings.delay_ms, "before every reply")
      ->check(CLI::Range(0, 10000));
  CLI11_PARSE(app, argc, argv);
  try {
    return run(settings);
  } catch (const std::exception& error) {
    std::cerr << "bench_server: " << error.what() << "\n";
    return 1;
  }
}
