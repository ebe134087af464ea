#include "agent/daemon/prober.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <new>
#include <utility>

#include "agent/base/fault.h"
#include "agent/base/log.h"
#include "agent/base/thread.h"
#include "agent/verdict/standing.h"

namespace sre {
namespace {

namespace asio = boost::asio;

// Many connections opened in one turn of the loop hold it up long enough to be seen in every
// measured time (0.3 s for 5,000); so the rest waits for the next turn.
constexpr std::size_t kStartsPerTurn = 32;
// How long runs may take to say goodbye after a request to stop.
constexpr auto kGrace = std::chrono::seconds{2};
// How long the loop goes on with what it can do before what it could not do is tried again.
constexpr auto kRespite = std::chrono::milliseconds{100};

Outcome outcome_of(const Run& run) {
  if (run.verdict.passed) return Outcome::passed;
  const auto& reply = run.verdict.reply;
  const bool refused = risks_an_account(*run.check) && run.verdict.phase == Phase::auth && reply &&
                       reply->code == kCredentialsInvalid;
  return refused ? Outcome::login_refused : Outcome::failed;
}

// A log line takes memory as well; without it the line is lost, and nothing else.
void complain(std::string_view what, const std::exception& error,
              const CheckPtr& check = nullptr) noexcept {
  caught([&] {
    log::Fields fields = {{"error", describe(error)}};
    if (check) fields.emplace_back("check", check->id());
    log::error(what, fields);
  });
}

// Whoever is told of a run may be out of memory; the schedule goes on without them.
template <class... Arguments>
void tell(const std::function<void(Arguments...)>& event, const auto&... arguments) noexcept {
  try {
    event(arguments...);
  } catch (const std::exception& error) {
    complain("what a run came to is lost", error);
  }
}

}  // namespace

Prober::Prober(const Clock& clock, ProberSettings settings, ProberEvents events)
    : clock_(clock),
      events_(std::move(events)),
      work_(asio::make_work_guard(io_)),
      timer_(io_),
      pipeline_(io_, clock, settings.dns_servers, settings.knowledge),
      schedule_(settings.max_in_flight),
      max_ad_hoc_(most_ad_hoc(settings.max_in_flight)) {
  replace(std::move(settings));
  thread_ = std::thread([this] { work(); });
}

Prober::~Prober() { stop(); }

void Prober::replace(ProberSettings settings) {
  asio::post(io_, [this, settings = std::move(settings)]() mutable {
    wanted_ = std::move(settings);
    pump();
  });
}

void Prober::run_now(std::string id) {
  asio::post(io_, [this, id = std::move(id)] {
    // After a replace() that threw, the schedule may be asked for nothing before it has succeeded.
    if (wanted_) pump();
    if (wanted_) return;
    schedule_.run_now(id, clock_.now());
    pump();
  });
}

void Prober::probe(CheckPtr check, std::function<void(const RunPtr&)> done) {
  std::unique_lock lock(ended_mutex_);
  if (ended_) {
    lock.unlock();
    tell(done, RunPtr{});
    return;
  }
  asio::post(io_, [this, check = std::move(check), done = std::move(done)]() mutable {
    if (stopping_ || ad_hoc_ >= max_ad_hoc_) {
      tell(done, RunPtr{});
      return;
    }
    ++ad_hoc_;
    spawn(UnderWay(std::move(check), [this, done = std::move(done)](auto& ended, RunPtr run) {
      ad_hoc_ended(ended, std::move(run), done);
    }));
  });
}

void Prober::ask(std::function<void()> answer) { asio::post(io_, std::move(answer)); }

void Prober::stop() {
  if (!thread_.joinable()) return;
  asio::post(io_, [this] { begin_stop(); });
  thread_.join();
  refuse_the_rest();
}

// Whoever asked for a run when the thread had seen its last turn waits for an answer.
void Prober::refuse_the_rest() {
  {
    const std::lock_guard lock(ended_mutex_);
    ended_ = true;
  }
  io_.restart();
  while (caught([&] { io_.poll(); })) {
  }
}

// The thread outlives whatever a handler throws, which is a lack of memory: each run that is lost
// by it is given up by its destructor, and pump() makes good for the rest.
void Prober::work() {
  begin_thread("probe");
  while (!work_until_fault()) {
  }
}

// True when there is nothing left to do, as after a stop.
bool Prober::work_until_fault() {
  try {
    if (std::exchange(faulty_, false)) {
      io_.restart();
      io_.run_for(kRespite);
      if (stopping_) pipeline_.expire_all();  // the timer that should do it may be lost
      stopping_ ? end_if_idle() : pump();
    }
    io_.run();
  } catch (const std::exception& error) {
    complain("the probe thread goes on after a fault", error);
    faulty_ = true;
  }
  return !faulty_;
}

// Starts what is due, and sees to it that somebody comes back when something else is. What it
// throws, perhaps out of sight in a coroutine, would be the end of the schedule: it stops the loop
// instead, and work() comes back to it.
void Prober::pump() {
  if (stopping_) return;
  try {
    follow();
    start_due();
  } catch (const std::exception& error) {
    complain("checks start late", error);
    faulty_ = true;
    io_.stop();
  }
}

void Prober::follow() {
  if (!wanted_) return;
  pipeline_.use(wanted_->dns_servers, wanted_->knowledge);
  schedule_.set_max_in_flight(wanted_->max_in_flight);
  max_ad_hoc_ = most_ad_hoc(wanted_->max_in_flight);
  schedule_.replace(wanted_->checks, clock_.now());
  wanted_.reset();
}

void Prober::start_due() {
  auto starts = schedule_.take_due(clock_.now(), kStartsPerTurn);
  for (auto& start : starts) {
    tell(events_.started, start.delay);
    spawn(
        UnderWay(std::move(start.check), [this, id = std::move(start.id)](auto& ended, RunPtr run) {
          scheduled_ended(ended, std::move(run), id);
        }));
  }
  report();
  if (starts.size() == kStartsPerTurn) {
    asio::post(io_, [this] { pump(); });
  } else {
    arm();
  }
}

template <class Ended>
void Prober::spawn(UnderWay<Ended> one) {
  ran_ = true;
  const auto check = one.check();
  try {
    asio::co_spawn(io_, run(std::move(one)), asio::detached);
  } catch (const std::exception& error) {
    complain("a run was given up", error, check);
  }
}

void Prober::arm() {
  const auto next = schedule_.next();
  if (!next) return;
  timer_.expires_at(*next);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) pump();
  });
}

template <class Ended>
asio::awaitable<void> Prober::run(UnderWay<Ended> one) {
  RunPtr run;
  try {
    run = co_await pipeline_.run(one.check());
  } catch (const std::exception& error) {
    complain("a run was given up", error, one.check());
  }
  one.end(std::move(run));
  if (stopping_) {
    end_if_idle();
  } else {
    pump();
  }
}

void Prober::scheduled_ended(const CheckPtr& check, RunPtr run, const std::string& id) noexcept {
  if (!run) run = give_up(check);
  schedule_.finished(id, run ? outcome_of(*run) : Outcome::failed, clock_.now());
  if (run && !noted_as_cut_short(*run)) {
    tell(events_.finished, run, schedule_.current_interval(id).value_or(check->interval));
  }
  report();
}

void Prober::ad_hoc_ended(const CheckPtr& check, RunPtr run,
                          const std::function<void(const RunPtr&)>& done) noexcept {
  --ad_hoc_;
  if (!run) run = give_up(check);
  if (run && noted_as_cut_short(*run)) run = nullptr;
  tell(done, run);
}

// A run that the stop has cut short says nothing of its server: it must not look like a failure.
bool Prober::noted_as_cut_short(const Run& run) noexcept {
  if (run.cut_short) ++cut_short_;
  return run.cut_short;
}

// What a run comes to that got no further than this; nullptr where there is no memory for it
// either.
RunPtr Prober::give_up(const CheckPtr& check) noexcept {
  try {
    return pipeline_.give_up(check, describe(std::bad_alloc()));
  } catch (const std::exception&) {
    return nullptr;
  }
}

void Prober::report() {
  tell(events_.in_flight, schedule_.in_flight());
  for (const SkipCause cause : kSkipCauses) {
    auto& reported = reported_skips_[static_cast<std::size_t>(cause)];
    const auto now = schedule_.skipped(cause);
    if (now != reported) tell(events_.skipped, cause, now - std::exchange(reported, now));
  }
}

void Prober::begin_stop() {
  stopping_ = true;
  // Where nothing has begun, as when the daemon cannot start, nothing ends.
  if (ran_) {
    caught([&] { log::info("checks end", {{"under_way", schedule_.in_flight() + ad_hoc_}}); });
  }
  pipeline_.hurry_all();
  timer_.expires_after(kGrace);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) pipeline_.expire_all();
  });
  end_if_idle();
}

void Prober::end_if_idle() {
  if (!work_.owns_work() || schedule_.in_flight() > 0 || ad_hoc_ > 0) return;
  if (ran_) caught([&] { log::info("checks have ended", {{"cut_short", cut_short_}}); });
  timer_.cancel();
  work_.reset();
}

}  // namespace sre
