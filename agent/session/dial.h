#pragma once

#include <curl/curl.h>
#include <openssl/x509.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "agent/check/check.h"
#include "agent/session/curl_loop.h"
#include "agent/session/deadline.h"
#include "agent/session/recorder.h"
#include "agent/session/tls_observer.h"
#include "agent/smtp/reply_parser.h"

namespace sre {

// Whom a session talks to: the name the target goes by, and one address of it.
struct Endpoint {
  std::string host;     // of the target, or the mail exchanger found for its domain
  std::string address;  // numeric
};

struct SlistDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

// libcurl's part of a session: it connects, takes the greeting, says EHLO, does STARTTLS and TLS,
// says EHLO again and hands the connection over (CURLOPT_CONNECT_ONLY), without any credential.
// What happens on the way is heard through its debug callback and written down. Probe thread only.
class Dial {
 public:
  Dial(boost::asio::io_context& io, CurlLoop& loop, Recorder& recorder, const Check& check,
       const Endpoint& endpoint, X509_STORE* trusted);
  ~Dial();
  Dial(const Dial&) = delete;
  Dial& operator=(const Dial&) = delete;

  // True when the connection has been handed over. Otherwise the recorder holds why not: a fault,
  // or the reply that ended the attempt. The TCP connection must stand by `connect_by`, all by
  // `deadline`. Throws what has gone wrong on our side of the connection, such as a lack of memory.
  boost::asio::awaitable<bool> open(Instant connect_by, Deadline& deadline);

  // True when the attempt ended before the server had said a word, so that another address may be
  // tried.
  bool failed_to_connect() const { return failed_to_connect_; }
  CURL* easy() const { return easy_.get(); }
  // Of the connection that was handed over.
  boost::asio::posix::stream_descriptor& socket() { return loop_.socket(easy_.get()); }

 private:
  static int on_debug(CURL* easy, curl_infotype type, char* data, std::size_t size,
                      void* self) noexcept;
  static curl_socket_t on_open(void* self, curlsocktype purpose, curl_sockaddr* address) noexcept;
  static CURLcode on_ssl_context(CURL* easy, void* context, void* self) noexcept;

  void set_options();
  void heard(std::string_view line);
  void said(std::string_view line);
  void handshake_done();
  void connected();
  Duration connect_time() const;
  void finish(CURLcode result, const std::exception_ptr& fault);
  void fail(std::exception_ptr fault) noexcept;
  void wake();

  bool came_unasked(Phase phase) const;
  void violate(Phase phase, std::string_view what);
  void note_fault();
  void note_timeout();
  void part();

  CurlLoop& loop_;
  Recorder& recorder_;
  const Check& check_;
  const Endpoint& endpoint_;
  Easy easy_;
  std::unique_ptr<curl_slist, SlistDeleter> connect_to_;
  boost::asio::steady_timer event_;  // cancelled when there is something to look at
  TlsObserver tls_;
  ReplyParser parser_;
  std::string error_text_;    // CURLOPT_ERRORBUFFER
  std::exception_ptr fault_;  // of our own, from a callback that could not let it through
  curl_socket_t socket_ = CURL_SOCKET_BAD;
  int socket_error_ = 0;  // errno, where no socket could be had
  Instant dialled_{};
  bool is_connected_ = false;
  bool failed_to_connect_ = false;
  std::optional<CURLcode> result_;
  bool woken_ = false;
  std::uint64_t said_in_turn_ = 0;  // of the loop: when the last command was sent
};

}  // namespace sre
