#pragma once

#include <curl/curl.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <unordered_map>

namespace sre {

struct EasyDeleter {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
using Easy = std::unique_ptr<CURL, EasyDeleter>;

// One libcurl multi handle, driven by an Asio loop through curl_multi_socket_action. It only ever
// opens connections (CURLOPT_CONNECT_ONLY); what is said on them afterwards is not its business.
//
// Not more than 1,000 connections should live here at once: curl_easy_send scans them all. Probe
// thread only.
class CurlLoop {
 public:
  // `fault` is set when the transfer was given up for want of memory or the like, on our side.
  using Done = std::function<void(CURLcode, const std::exception_ptr& fault)>;

  explicit CurlLoop(boost::asio::io_context& io);
  ~CurlLoop();
  CurlLoop(const CurlLoop&) = delete;
  CurlLoop& operator=(const CurlLoop&) = delete;

  // A handle with all options at their defaults.
  Easy acquire();
  // Ends whatever the handle does: its connection is closed without a word.
  void release(Easy easy) noexcept;

  // Starts the transfer. `done` is called once, from the loop and never from within start(), unless
  // release() comes first. It must not throw.
  void start(CURL* easy, Done done);

  // The socket of the connection that a finished transfer has left, to wait on; it lives until
  // release(). Asio knows it since the connection was begun: to register it anew costs as much as a
  // command.
  boost::asio::posix::stream_descriptor& socket(CURL* easy);

  std::size_t active() const { return active_.size(); }
  // False once libcurl was out of memory in its own books: it must begin nothing any more.
  bool sound() const { return sound_; }
  // Counts libcurl's turns: what happens within one of them happened without a wait in between.
  std::uint64_t turn() const { return turn_; }

 private:
  class Watch;  // one socket, and what libcurl wants to know of it
  struct Transfer {
    Done done;
    std::exception_ptr fault;
    curl_socket_t socket = CURL_SOCKET_BAD;  // the last one that libcurl wanted to be watched
  };

  static int on_socket(CURL* easy, curl_socket_t fd, int what, void* self, void* watch) noexcept;
  static int on_timer(CURLM* multi, long timeout_ms, void* self) noexcept;
  static int on_close(void* self, curl_socket_t fd) noexcept;
  void watch(CURL* easy, curl_socket_t fd, int what);
  void give_up(CURL* easy, std::exception_ptr fault) noexcept;
  void give_up_all() noexcept;
  void give_up_owner(curl_socket_t fd) noexcept;
  void forget(const CURL* easy, curl_socket_t fd);
  void set_timer(long timeout_ms);
  void act(curl_socket_t fd, int events);
  void report_finished();

  boost::asio::io_context& io_;
  CURLM* multi_;
  boost::asio::steady_timer timer_;
  std::unordered_map<curl_socket_t, std::shared_ptr<Watch>> watches_;
  std::unordered_map<CURL*, Transfer> active_;
  std::uint64_t turn_ = 0;
  bool sound_ = true;
  bool must_act_ = false;            // libcurl wants its turn, and no timer could be had for it
  bool has_given_up_ = false;        // some transfer has a fault that nobody was told of yet
  std::shared_ptr<CurlLoop*> self_;  // gone with the loop, for handlers that are queued
};

}  // namespace sre
