#include "agent/pipeline/pipeline.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

#include "agent/base/fault.h"
#include "agent/verdict/verdict.h"

namespace sre {
namespace {

namespace asio = boost::asio;

// More mail exchangers than this are not asked: nobody has them, and the list is the DNS' to write.
constexpr std::size_t kMaxExchangers = 10;

// A run's deadline, in the list of those under way while it lives.
class ListedDeadline {
 public:
  ListedDeadline(asio::io_context& io, Instant at, std::set<Deadline*>& list)
      : deadline_(io, at), list_(list) {
    list_.insert(&deadline_);
  }
  ~ListedDeadline() { list_.erase(&deadline_); }
  ListedDeadline(const ListedDeadline&) = delete;
  ListedDeadline& operator=(const ListedDeadline&) = delete;

  Deadline& operator*() { return deadline_; }

 private:
  Deadline deadline_;
  std::set<Deadline*>& list_;
};

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

}  // namespace

Pipeline::Pipeline(asio::io_context& io, const Clock& clock, std::string dns_servers,
                   std::shared_ptr<const Knowledge> knowledge)
    : io_(io), clock_(clock), sessions_(io) {
  use(std::move(dns_servers), std::move(knowledge));
}

void Pipeline::use(std::string dns_servers, std::shared_ptr<const Knowledge> knowledge) {
  resolver_ = std::make_shared<Resolver>(io_, std::move(dns_servers));
  knowledge_ = std::move(knowledge);
  sessions_.trust().forget();
}

void Pipeline::hurry_all() {
  hurried_ = true;
  for (Deadline* deadline : under_way_) deadline->hurry();
}

void Pipeline::expire_all() {
  for (auto next = under_way_.begin(); next != under_way_.end();) (*next++)->expire();
}

asio::awaitable<RunPtr> Pipeline::run(CheckPtr check, Recorder::Observer observer) {
  Recorder recorder(clock_);
  recorder.watch(std::move(observer));
  auto run = std::make_shared<Run>();
  run->check = check;
  // By this, whatever a reload brings meanwhile.
  const auto knowledge = knowledge_;
  ListedDeadline deadline(io_, recorder.started() + check->timeout, under_way_);
  if (hurried_) (*deadline).hurry();
  run->transcript = co_await transcribe(*check, std::move(recorder), *deadline);
  run->verdict = judge(*check, run->transcript, *knowledge);
  run->cut_short = (*deadline).cut_short();
  co_return run;
}

RunPtr Pipeline::give_up(CheckPtr check, std::string_view why) const {
  Recorder recorder(clock_);
  recorder.fault(Phase::resolve, Reason::internal_error, why);
  auto run = std::make_shared<Run>();
  run->transcript = recorder.finish();
  run->verdict = judge(*check, run->transcript, *knowledge_);
  run->check = std::move(check);
  return run;
}

asio::awaitable<Transcript> Pipeline::transcribe(const Check& check, Recorder recorder,
                                                 Deadline& deadline) {
  Recorder spare = recorder;
  try {
    const auto endpoints = co_await resolve(check, recorder, deadline);
    if (endpoints.empty()) co_return recorder.finish();
    // Two statements: g++ 12 destroys the operands of a conditional co_await twice.
    if (check.target->address == AddressChoice::each) {
      co_return co_await ask_each(check, endpoints, recorder, deadline);
    }
    co_return co_await ask_first(check, endpoints, recorder, deadline);
  } catch (const std::exception& error) {
    spare.fault(Phase::resolve, Reason::internal_error, describe(error));
  }
  co_return spare.finish();
}

// Nothing when the recorder holds a fault.
asio::awaitable<std::vector<Endpoint>> Pipeline::resolve(const Check& check, Recorder& recorder,
                                                         Deadline& deadline) {
  const auto resolver = resolver_;
  const Target& target = *check.target;
  recorder.begin(Phase::resolve, target.mx.empty() ? target.host : target.mx);
  std::vector<std::string> hosts = {target.host};
  if (!target.mx.empty()) {
    auto found = co_await answered(io_, resolver->resolve_mx(target.mx, deadline.at()), deadline);
    if (found.failure) {
      recorder.fault(Phase::resolve, found.failure->reason, found.failure->detail);
      co_return std::vector<Endpoint>{};
    }
    hosts = std::move(found.hosts);
    hosts.resize(std::min(hosts.size(), kMaxExchangers));
  }
  std::vector<Endpoint> endpoints;
  std::optional<ResolveFailure> failure;
  for (const auto& host : hosts) {
    const auto found =
        co_await answered(io_, resolver->resolve(host, target.ip, deadline.at()), deadline);
    for (const auto& address : found.addresses) endpoints.push_back({host, address});
    if (found.failure) failure = found.failure;
  }
  recorder.end();
  if (endpoints.empty()) recorder.fault(Phase::resolve, failure->reason, failure->detail);
  co_return endpoints;
}

// The first address that takes the connection. Each but the last gets an equal share of the time
// left.
asio::awaitable<Transcript> Pipeline::ask_first(const Check& check,
                                                const std::vector<Endpoint>& endpoints,
                                                Recorder recorder, Deadline& deadline) {
  auto left = static_cast<Duration::rep>(endpoints.size());
  for (const auto& endpoint : endpoints) {
    const Instant connect_by = recorder.now() + (deadline.at() - recorder.now()) / left--;
    const bool connected =
        co_await converse(sessions_, check, endpoint, recorder, connect_by, deadline);
    if (connected || left == 0 || deadline.expired() || !deadline.go_on()) break;
    recorder.forgive();
  }
  co_return recorder.finish();
}

// Every address in turn, until one of them fails.
asio::awaitable<Transcript> Pipeline::ask_each(const Check& check,
                                               const std::vector<Endpoint>& endpoints,
                                               Recorder recorder, Deadline& deadline) {
  Transcript transcript;
  for (const auto& endpoint : endpoints) {
    Recorder one = recorder;
    co_await converse(sessions_, check, endpoint, one, deadline.at(), deadline);
    transcript = one.finish();
    if (!judge(check, transcript, *knowledge_).passed) break;
    // Asked before whether time is left: a stop may have ended both.
    if (&endpoint != &endpoints.back() && !deadline.go_on()) break;
    if (deadline.expired()) break;
  }
  co_return transcript;
}

}  // namespace sre
