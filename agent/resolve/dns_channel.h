#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "agent/base/clock.h"

namespace boost::asio {
class io_context;
}
struct ares_addrinfo;

namespace sre {

// What one question brought. Status is one of c-ares' codes; ARES_ETIMEOUT until there is one.
struct DnsAnswer {
  struct Item {
    std::string text;  // an address, or the name of a mail exchanger
    Duration ttl{};    // of an address
    int preference = 0;
  };
  int status;
  std::vector<Item> items;

  DnsAnswer();
};

// The addresses of a c-ares answer, without repetitions, at most kMostAnswers.
std::vector<DnsAnswer::Item> addresses_of(const ares_addrinfo* info);

// A c-ares channel driven by the loop: its sockets and timeouts become asio's. When it goes, its
// unanswered questions go. Probe thread only.
class DnsChannel {
 public:
  DnsChannel(boost::asio::io_context& io, const std::string& servers);
  ~DnsChannel();
  DnsChannel(const DnsChannel&) = delete;
  DnsChannel& operator=(const DnsChannel&) = delete;

  // ARES_SUCCESS, or why the channel could not be opened; then ask nothing.
  int status() const;

  // Puts a question; its answer is written to `answer`, which must outlive the channel. `family` is
  // AF_INET or AF_INET6; the search list is honoured for addresses, not for mail exchangers.
  void ask_addresses(const std::string& host, int family, DnsAnswer& answer);
  void ask_mail_exchangers(const std::string& domain, DnsAnswer& answer);

  // How many questions are unanswered.
  std::size_t pending() const;
  // Returns when not more than `left` questions are unanswered, or at the deadline. Throws what has
  // gone wrong on our side, such as a lack of memory or of files.
  boost::asio::awaitable<void> wait(std::size_t left, Instant deadline);

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace sre
