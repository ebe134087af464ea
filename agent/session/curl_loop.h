#pragma once

#include <curl/curl.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

namespace sre {

struct EasyDeleter {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
using Easy = std::unique_ptr<CURL, EasyDeleter>;

// One libcurl multi handle, driven by an Asio loop through
// curl_multi_socket_action. It only ever opens connections
// (CURLOPT_CONNECT_ONLY); what is said on them afterwards is not its business.
//
// Not more than 1,000 connections should live here at once: curl_easy_send
// scans them all. Probe thread only.
class CurlLoop {
 public:
  using Done = std::function<void(CURLcode)>;

  explicit CurlLoop(boost::asio::io_context& io);
  ~CurlLoop();
  CurlLoop(const CurlLoop&) = delete;
  CurlLoop& operator=(const CurlLoop&) = delete;

  // A handle with all options at their defaults, new or used before.
  Easy acquire();
  // Ends whatever the handle does (its connection is closed without a word) and
  // keeps it for later.
  void release(Easy easy);

  // Starts the transfer. `done` is called once, from the loop and never from
  // within start(), unless release() comes first.
  void start(CURL* easy, Done done);

  // The socket of the connection that a finished transfer has left, to wait on;
  // it lives until release(). Asio knows it since the connection was begun: to
  // register it anew costs as much as a command.
  boost::asio::posix::stream_descriptor& socket(CURL* easy);

  std::size_t active() const { return active_.size(); }
  // Counts libcurl's turns: what happens within one of them happened without a
  // wait in between.
  std::uint64_t turn() const { return turn_; }

 private:
  class Watch;  // one socket, and what libcurl wants to know of it
  struct Transfer {
    Done done;
    curl_socket_t socket = CURL_SOCKET_BAD;  // the last one that libcurl wanted to be watched
  };

  static int on_socket(CURL* easy, curl_socket_t fd, int what, void* self, void* watch) noexcept;
  static int on_timer(CURLM* multi, long timeout_ms, void* self) noexcept;
  static int on_close(void* self, curl_socket_t fd) noexcept;
  void watch(CURL* easy, curl_socket_t fd, int what);
  void forget(const CURL* easy, curl_socket_t fd);
  void set_timer(long timeout_ms);
  void act(curl_socket_t fd, int events);
  void report_finished();

  boost::asio::io_context& io_;
  CURLM* multi_;
  boost::asio::steady_timer timer_;
  std::unordered_map<curl_socket_t, std::shared_ptr<Watch>> watches_;
  std::unordered_map<CURL*, Transfer> active_;
  std::vector<Easy> spare_;
  std::uint64_t turn_ = 0;
  std::shared_ptr<CurlLoop*> self_;  // gone with the loop, for handlers that are queued
};

}  // namespace sre
