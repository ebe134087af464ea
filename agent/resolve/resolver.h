#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/base/clock.h"
#include "agent/check/target.h"
#include "agent/smtp/reason.h"

namespace boost::asio {
class io_context;
}

namespace sre {

// Why a name gave nothing.
struct ResolveFailure {
  Reason reason;       // dns_not_found: the DNS says there is nothing; dns_failure: it did not say
  std::string detail;  // one printable sentence
};

// The addresses of a host: at least one, or a failure.
struct Resolution {
  std::vector<std::string> addresses;  // as text; those that this machine has a route to first
  std::optional<ResolveFailure> failure;
  Duration ttl{};  // the shortest of all; zero for what did not come from the DNS
};

// The mail exchangers of a domain: at least one, or a failure.
struct MailExchangers {
  std::vector<std::string> hosts;  // most preferred first, those of equal preference by name
  std::optional<ResolveFailure> failure;
};

// No answer names more than this is used: nobody has so many servers, and answers are untrusted.
inline constexpr std::size_t kMostAnswers = 64;

// Asks the system's DNS servers, or those it is told, without a thread and without blocking the
// loop. Every question opens a channel of its own: it sees a changed resolv.conf, its source port
// is fresh, and giving it up disturbs no other. Nothing is cached, since a monitor asks. A
// coroutine that is destroyed or cancelled takes its question along. Probe thread only.
class Resolver {
 public:
  // `servers` as "127.0.0.1:5353,[::1]:53"; empty: those of resolv.conf. What is wrong with them is
  // told by each question. `clock` must outlive it.
  Resolver(boost::asio::io_context& io, const Clock& clock, std::string servers = "");
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  // The addresses of `host` in the family: an IP address is its own answer, then the hosts file
  // is asked, then the DNS with the search list. IPv6 stands before IPv4 (RFC 6724), each family in
  // the order of its answer. Where one family has addresses, the other is not waited for longer
  // than a second: there are DNS servers that never answer AAAA.
  boost::asio::awaitable<Resolution> resolve(std::string host, IpFamily family, Instant deadline);

  // The mail exchangers of `domain` (RFC 5321 section 5.1): the domain itself where it has no MX;
  // dns_not_found where it accepts no mail (null MX, RFC 7505) or does not exist.
  boost::asio::awaitable<MailExchangers> resolve_mx(std::string domain, Instant deadline);

 private:
  class HostsFile;

  boost::asio::io_context& io_;
  const Clock& clock_;
  std::string servers_;
  std::unique_ptr<HostsFile> hosts_file_;
};

}  // namespace sre
