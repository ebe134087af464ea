#include "agent/resolve/resolver.h"

#include <ares.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/udp.hpp>
#include <cerrno>
#include <exception>
#include <new>
#include <stdexcept>
#include <tuple>

#include "agent/base/fault.h"
#include "agent/base/text.h"
#include "agent/resolve/dns_channel.h"

namespace sre {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

// How long the second family may take once the first has answered with addresses.
constexpr Duration kSecondFamilyGrace = std::chrono::seconds{1};

bool is_absent(int status) {
  return status == ARES_ENOTFOUND || status == ARES_ENODATA || status == ARES_EBADNAME;
}

ResolveFailure describe(int status, const std::string& name, std::string_view wanted) {
  const std::string shown = printable(name, 255);
  switch (status) {
    case ARES_ENOTFOUND:
      return {Reason::dns_not_found, fmt::format("the name \"{}\" does not exist", shown)};
    case ARES_ENODATA:
      return {Reason::dns_not_found, fmt::format("the name \"{}\" has no {}", shown, wanted)};
    case ARES_EBADNAME:
      return {Reason::dns_not_found, fmt::format("\"{}\" is no valid name", shown)};
    case ARES_ETIMEOUT:
      return {Reason::dns_failure, fmt::format("no DNS server answered in time for \"{}\"", shown)};
    case ARES_ESERVFAIL:
      return {Reason::dns_failure,
              fmt::format("the DNS server failed for \"{}\" (SERVFAIL)", shown)};
    case ARES_EREFUSED:
      return {Reason::dns_failure,
              fmt::format("the DNS server refuses to answer for \"{}\" (REFUSED)", shown)};
    case ARES_ENOTIMP:
      return {Reason::dns_failure,
              fmt::format("the DNS server cannot answer for \"{}\" (NOTIMP)", shown)};
    case ARES_ENOMEM:
      return {Reason::internal_error, describe_local_fault(ENOMEM)};
    case ARES_EFILE:
      return {Reason::internal_error,
              "resolv.conf could not be read; are there too many open files (LimitNOFILE)?"};
    case ARES_ECONNREFUSED:
      return {Reason::dns_failure, fmt::format("no DNS server was reached for \"{}\"", shown)};
    case ARES_EBADRESP:
    case ARES_EFORMERR:
      return {Reason::dns_failure, fmt::format("the DNS answer for \"{}\" is malformed", shown)};
    default:
      return {Reason::dns_failure,
              fmt::format("the DNS question for \"{}\" failed: {}", shown, ares_strerror(status))};
  }
}

std::string_view address_word(IpFamily family) {
  if (family == IpFamily::v4) return "IPv4 address";
  if (family == IpFamily::v6) return "IPv6 address";
  return "address";
}

// Whether the kernel knows a way there; connecting a datagram socket sends nothing.
bool has_route(const std::string& text) {
  error_code error;
  const auto address = asio::ip::make_address(text, error);
  if (error) return false;
  const int fd = ::socket(address.is_v4() ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  const asio::ip::udp::endpoint endpoint(address, 9);
  const bool connected =
      ::connect(fd, endpoint.data(), static_cast<socklen_t>(endpoint.size())) == 0;
  ::close(fd);
  return connected;
}

Resolution to_resolution(std::vector<DnsAnswer::Item> items) {
  Resolution result;
  if (items.size() > 1) {
    std::ranges::stable_partition(items, [](auto& item) { return has_route(item.text); });
  }
  result.ttl = std::ranges::min(items, {}, &DnsAnswer::Item::ttl).ttl;
  for (auto& item : items) result.addresses.push_back(std::move(item.text));
  return result;
}

// Of what is known without the DNS, that which is wanted.
Resolution in_family(std::vector<DnsAnswer::Item> items, const std::string& host, IpFamily family) {
  std::erase_if(items, [family](auto& item) {
    const bool v4 = item.text.find(':') == std::string::npos;
    return family != IpFamily::any && v4 != (family == IpFamily::v4);
  });
  if (!items.empty()) return to_resolution(std::move(items));
  return {{}, describe(ARES_ENODATA, host, address_word(family)), {}};
}

// The answer of a host that is an address already, or localhost: no DNS server may be asked for it
// (RFC 6761 section 6.3), and c-ares 1.18 leaks memory over it.
std::optional<Resolution> without_dns(const std::string& host, IpFamily family) {
  std::vector<DnsAnswer::Item> items;
  error_code error;
  asio::ip::make_address(host, error);
  if (!error) items = {{host, {}, 0}};
  if (equal_ignoring_case(host, "localhost")) items = {{"::1", {}, 0}, {"127.0.0.1", {}, 0}};
  if (items.empty()) return std::nullopt;
  return in_family(std::move(items), host, family);
}

// Two answers as one: what either has, and else the failure that says least about the name.
Resolution merge(DnsAnswer& v6, DnsAnswer& v4, const std::string& host, IpFamily family) {
  auto& items = v6.items;
  std::ranges::move(v4.items, std::back_inserter(items));
  if (!items.empty()) return to_resolution(std::move(items));
  int status = v6.status == ARES_ENOTFOUND ? v4.status : v6.status;
  if (!is_absent(v4.status)) status = v4.status;
  return {{}, describe(status, host, address_word(family)), {}};
}

}  // namespace

// The hosts file, or the one that $CARES_HOSTS names. It is read at every question, as other
// programs do; it is small and local. Probe thread only.
class Resolver::HostsFile {
 public:
  HostsFile() = default;
  ~HostsFile() {
    if (channel_ != nullptr) ares_destroy(channel_);
  }
  HostsFile(const HostsFile&) = delete;
  HostsFile& operator=(const HostsFile&) = delete;

  // All addresses of all families; empty where the file does not name the host.
  std::vector<DnsAnswer::Item> find(const std::string& host) {
    if (channel_ == nullptr) open();
    struct Found {
      std::vector<DnsAnswer::Item> items;
      std::exception_ptr fault;
    };
    const auto on_done = [](void* data, int status, int, ares_addrinfo* info) noexcept {
      auto& found = *static_cast<Found*>(data);
      found.fault = caught([&] {
        if (status == ARES_SUCCESS) found.items = addresses_of(info);
        if (status == ARES_ENOMEM) throw std::bad_alloc();
      });
      if (info != nullptr) ares_freeaddrinfo(info);
    };
    ares_addrinfo_hints hints{};
    hints.ai_flags = ARES_AI_NOSORT | ARES_AI_ENVHOSTS;
    Found found;  // filled before the call returns: a file needs no waiting
    ares_getaddrinfo(channel_, host.c_str(), nullptr, &hints, on_done, &found);
    if (found.fault) std::rethrow_exception(found.fault);
    for (auto& item : found.items) item.ttl = {};
    return std::move(found.items);
  }

 private:
  // At the first question, and again at the next where it fails: a file that is passed over in
  // silence would send questions to the DNS that it has the answer to.
  void open() {
    ares_options options{};
    char file_only[] = "f";  // c-ares copies it
    options.lookups = file_only;
    const int status = ares_init_options(&channel_, &options, ARES_OPT_LOOKUPS);
    if (status == ARES_SUCCESS) return;
    channel_ = nullptr;
    if (status == ARES_ENOMEM) throw std::bad_alloc();
    throw std::runtime_error(describe(status, "", "").detail);
  }

  ares_channel channel_ = nullptr;
};

Resolver::Resolver(asio::io_context& io, const Clock& clock, std::string servers)
    : io_(io),
      clock_(clock),
      servers_(std::move(servers)),
      hosts_file_(std::make_unique<HostsFile>()) {}
Resolver::~Resolver() = default;

asio::awaitable<Resolution> Resolver::resolve(std::string host, IpFamily family, Instant deadline) {
  if (auto known = without_dns(host, family)) co_return *known;
  auto listed = hosts_file_->find(host);
  if (!listed.empty()) co_return in_family(std::move(listed), host, family);

  // One question a family, not one for both: c-ares then tells the result of the last answer only,
  // and a SERVFAIL before an empty answer would look like a name without addresses.
  DnsAnswer v6;
  DnsAnswer v4;
  DnsChannel channel(io_, servers_);
  if (channel.status() != ARES_SUCCESS) {
    co_return Resolution{{}, describe(channel.status(), host, ""), {}};
  }
  if (family == IpFamily::v6) v4.status = ARES_ENOTFOUND;
  if (family == IpFamily::v4) v6.status = ARES_ENOTFOUND;
  if (family != IpFamily::v4) channel.ask_addresses(host, AF_INET6, v6);
  if (family != IpFamily::v6) channel.ask_addresses(host, AF_INET, v4);
  if (family == IpFamily::any) {
    co_await channel.wait(1, deadline);
    if (!v6.items.empty() || !v4.items.empty()) {
      deadline = std::min(deadline, clock_.now() + kSecondFamilyGrace);
    }
  }
  co_await channel.wait(0, deadline);
  co_return merge(v6, v4, host, family);
}

asio::awaitable<MailExchangers> Resolver::resolve_mx(std::string domain, Instant deadline) {
  DnsAnswer answer;
  DnsChannel channel(io_, servers_);
  if (channel.status() != ARES_SUCCESS) {
    co_return MailExchangers{{}, describe(channel.status(), domain, "")};
  }
  channel.ask_mail_exchangers(domain, answer);
  co_await channel.wait(0, deadline);

  if (answer.status == ARES_ENODATA) co_return MailExchangers{{domain}, std::nullopt};
  if (answer.status != ARES_SUCCESS) {
    co_return MailExchangers{{}, describe(answer.status, domain, "mail exchanger")};
  }
  auto& items = answer.items;
  std::erase_if(items, [](auto& mx) { return mx.text.empty() || mx.text == "."; });
  if (items.empty()) {
    const auto detail =
        fmt::format("the domain \"{}\" says that it accepts no mail (null MX)", printable(domain));
    co_return MailExchangers{{}, ResolveFailure{Reason::dns_not_found, detail}};
  }
  std::ranges::sort(items, {}, [](auto& mx) { return std::tie(mx.preference, mx.text); });
  MailExchangers result;
  for (auto& mx : items) result.hosts.push_back(to_lower(mx.text));
  co_return result;
}

}  // namespace sre
