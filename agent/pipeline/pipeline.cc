#include "agent/pipeline/pipeline.h"

#include <exception>
#include <utility>

#include "agent/base/fault.h"
#include "agent/verdict/verdict.h"

namespace sre {
namespace {

namespace asio = boost::asio;

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

}  // namespace

Pipeline::Pipeline(asio::io_context& io, const Clock& clock, std::string dns_servers,
                   std::shared_ptr<const Knowledge> knowledge)
    : io_(io), clock_(clock), sessions_(io) {
  use(std::move(dns_servers), std::move(knowledge));
}

void Pipeline::use(std::string dns_servers, std::shared_ptr<const Knowledge> knowledge) {
  resolver_ = std::make_shared<Resolver>(io_, clock_, std::move(dns_servers));
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
  const Means means{sessions_, resolver_, knowledge_};
  ListedDeadline deadline(io_, recorder.started() + check->timeout, under_way_);
  if (hurried_) (*deadline).hurry();
  run->transcript = co_await transcribe(means, *check, std::move(recorder), *deadline);
  run->verdict = judge(*check, run->transcript, *means.knowledge);
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

asio::awaitable<Transcript> Pipeline::transcribe(const Means& means, const Check& check,
                                                 Recorder recorder, Deadline& deadline) {
  Recorder spare = recorder;
  try {
    Inquiry inquiry(means, check, deadline);
    co_return co_await inquiry.run(std::move(recorder));
  } catch (const std::exception& error) {
    spare.fault(Phase::resolve, Reason::internal_error, describe(error));
  }
  co_return spare.finish();
}

}  // namespace sre
