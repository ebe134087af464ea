#include "agent/pipeline/inquiry.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <optional>
#include <utility>

#include "agent/check/host_port.h"
#include "agent/verdict/verdict.h"

namespace sre {
namespace {

namespace asio = boost::asio;

// More mail exchangers than this are not asked: nobody has them, and the list is the DNS' to write.
constexpr std::size_t kMaxExchangers = 10;

// What a question to the DNS comes to, at the latest when the run's deadline passes or is made to
// pass: the resolver knows the time at which it must end, but not of a stop before.
template <class Answer>
asio::awaitable<Answer> answered(asio::io_context& io, asio::awaitable<Answer> question,
                                 Deadline& deadline) {
  const Answer given_up{{}, ResolveFailure{Reason::dns_failure, "no DNS server answered in time"}};
  if (deadline.expired()) co_return given_up;
  asio::cancellation_signal stop;
  const Deadline::Guard guard(deadline, [&stop] { stop.emit(asio::cancellation_type::terminal); });
  auto [error, answer] = co_await asio::co_spawn(
      io, std::move(question),
      asio::bind_cancellation_slot(stop.slot(), asio::as_tuple(asio::use_awaitable)));
  if (!error) co_return std::move(answer);
  if (!deadline.expired()) std::rethrow_exception(error);
  co_return given_up;
}

// When the first of `left` things has had its equal part of the time.
Instant share(Instant now, Instant until, std::size_t left) {
  return now + (until - now) / static_cast<Duration::rep>(left);
}

}  // namespace

asio::awaitable<Transcript> Inquiry::run(Recorder recorder) {
  const auto hosts = co_await find_hosts(recorder);
  if (hosts.empty()) co_return recorder.finish();
  // Two statements: g++ 12 destroys the operands of a conditional co_await twice.
  if (check_.target->address == AddressChoice::each) co_return co_await ask_each(hosts, recorder);
  co_return co_await ask_first(hosts, recorder);
}

// The target's host, or the mail exchangers of its domain; nothing when the recorder holds a fault.
asio::awaitable<std::vector<std::string>> Inquiry::find_hosts(Recorder& recorder) {
  const Target& target = *check_.target;
  if (target.mx.empty()) co_return std::vector<std::string>{target.host};
  recorder.begin(Phase::resolve, target.mx);
  auto found = co_await answered(means_.sessions.io(),
                                 means_.resolver->resolve_mx(target.mx, deadline_.at()), deadline_);
  if (found.failure) {
    recorder.fault(Phase::resolve, found.failure->reason, found.failure->detail);
    co_return std::vector<std::string>{};
  }
  recorder.end();
  found.hosts.resize(std::min(found.hosts.size(), kMaxExchangers));
  co_return std::move(found.hosts);
}

// Nothing when the host has none, which is a fault then, unless the recorder holds an earlier one.
asio::awaitable<std::vector<std::string>> Inquiry::find_addresses(const std::string& host,
                                                                  Instant by, Recorder& recorder) {
  recorder.begin(Phase::resolve, host);
  auto found = co_await answered(means_.sessions.io(),
                                 means_.resolver->resolve(host, check_.target->ip, by), deadline_);
  recorder.end();
  if (found.failure) {
    recorder.fault(Phase::resolve, found.failure->reason, found.failure->detail);
  }
  co_return std::move(found.addresses);
}

// The first address that takes the connection. Each host but the last gets an equal share of the
// time left for its lookup, and again for its addresses, which share it alike.
asio::awaitable<Transcript> Inquiry::ask_first(const std::vector<std::string>& hosts,
                                               Recorder recorder) {
  const auto goes_on = [this] { return !deadline_.expired() && deadline_.go_on(); };
  auto hosts_left = hosts.size();
  for (const auto& host : hosts) {
    if (&host != &hosts.front() && !goes_on()) break;
    const Instant resolve_by = share(recorder.now(), deadline_.at(), hosts_left);
    const auto addresses = co_await find_addresses(host, resolve_by, recorder);
    const Instant host_by = share(recorder.now(), deadline_.at(), hosts_left--);
    auto left = addresses.size();
    for (const auto& address : addresses) {
      if (&address != &addresses.front() && !goes_on()) co_return recorder.finish();
      const Instant connect_by = share(recorder.now(), host_by, left--);
      const Endpoint endpoint{host, address};
      recorder.forgive();
      const bool connected =
          co_await converse(means_.sessions, check_, endpoint, recorder, connect_by, deadline_);
      if (connected) co_return recorder.finish();
    }
  }
  co_return recorder.finish();
}

// Every address of every host in turn, until one of them fails; a host without any has failed.
asio::awaitable<Transcript> Inquiry::ask_each(const std::vector<std::string>& hosts,
                                              Recorder recorder) {
  std::optional<Transcript> last;
  for (const auto& host : hosts) {
    if (last && !deadline_.go_on()) break;
    deadline_.settle(false);
    const auto addresses = co_await find_addresses(host, deadline_.at(), recorder);
    if (addresses.empty()) co_return recorder.finish();
    for (const auto& address : addresses) {
      if (last && !deadline_.go_on()) co_return *last;
      const Endpoint endpoint{host, address};
      Recorder one = recorder;
      co_await ask(endpoint, one);
      last = one.finish();
      if (!judge(check_, *last, *means_.knowledge).passed) co_return *last;
    }
  }
  co_return *last;
}

// An address that the ones before have left no time for was not asked, and has not passed.
asio::awaitable<void> Inquiry::ask(const Endpoint& endpoint, Recorder& recorder) {
  if (!deadline_.expired()) {
    co_await converse(means_.sessions, check_, endpoint, recorder, deadline_.at(), deadline_);
    co_return;
  }
  recorder.transcript().address = endpoint.address;
  recorder.begin(Phase::connect, host_port_text(endpoint.address, check_.target->port));
  recorder.fault(Phase::connect, Reason::connect_timeout,
                 "not asked: the addresses before it took the whole timeout");
}

}  // namespace sre
