#include "agent/daemon/prober.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <utility>

#include "agent/base/log.h"

namespace sre {
namespace {

namespace asio = boost::asio;

// Many connections opened in one turn of the loop hold it up long enough to be seen in every
// measured time (0.3 s for 5,000); so the rest waits for the next turn.
constexpr std::size_t kStartsPerTurn = 32;
// Each run on request holds a connection of the web server, which takes 512: whatever the
// configuration allows, some are left for /metrics and the pages.
constexpr std::size_t kMostAdHoc = 500;
// How long runs may take to say goodbye after a request to stop.
constexpr auto kGrace = std::chrono::seconds{2};
// RFC 4954 section 6: the user name or the password is wrong.
constexpr int kCredentialsInvalid = 535;

Outcome outcome_of(const Run& run) {
  if (run.verdict.passed) return Outcome::passed;
  const auto& reply = run.verdict.reply;
  const bool refused = run.check->kind == Kind::login && run.verdict.phase == Phase::auth &&
                       reply && reply->code == kCredentialsInvalid;
  return refused ? Outcome::login_refused : Outcome::failed;
}

// Whoever is told of a run may be out of memory; the schedule goes on without them.
template <class... Arguments>
void tell(const std::function<void(Arguments...)>& event, const auto&... arguments) {
  try {
    event(arguments...);
  } catch (const std::exception& error) {
    log::error("what a run came to is lost", {{"error", error.what()}});
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
      max_ad_hoc_(std::min(settings.max_in_flight, kMostAdHoc)) {
  replace(std::move(settings));
  thread_ = std::thread([this] { work(); });
}

Prober::~Prober() { stop(); }

void Prober::replace(ProberSettings settings) {
  asio::post(io_, [this, settings = std::move(settings)]() mutable {
    pipeline_.use(std::move(settings.dns_servers), std::move(settings.knowledge));
    schedule_.set_max_in_flight(settings.max_in_flight);
    max_ad_hoc_ = std::min(settings.max_in_flight, kMostAdHoc);
    schedule_.replace(settings.checks, clock_.now());
    pump();
  });
}

void Prober::run_now(std::string id) {
  asio::post(io_, [this, id = std::move(id)] {
    schedule_.run_now(id, clock_.now());
    pump();
  });
}

void Prober::probe(CheckPtr check, std::function<void(const RunPtr&)> done) {
  asio::post(io_, [this, check = std::move(check), done = std::move(done)]() mutable {
    if (stopping_ || ad_hoc_ >= max_ad_hoc_) {
      tell(done, RunPtr{});
      return;
    }
    ++ad_hoc_;
    asio::co_spawn(io_, run_ad_hoc(std::move(check), std::move(done)), asio::detached);
  });
}

void Prober::ask(std::function<void()> answer) { asio::post(io_, std::move(answer)); }

void Prober::stop() {
  if (!thread_.joinable()) return;
  asio::post(io_, [this] { begin_stop(); });
  thread_.join();
}

// A run's exceptions end in run(), an event's in tell(). One that comes this far leaves a schedule
// behind that nobody can vouch for: the process says so and dies, and its supervisor restarts it,
// which is better than to look alive and check nothing.
void Prober::work() {
  try {
    io_.run();
  } catch (const std::exception& error) {
    log::error("the probe thread has failed", {{"error", error.what()}});
    std::terminate();
  }
}

// Starts what is due, and sees to it that somebody comes back when something else is.
void Prober::pump() {
  if (stopping_) return;
  const auto starts = schedule_.take_due(clock_.now(), kStartsPerTurn);
  for (const auto& start : starts) {
    tell(events_.started, start.delay);
    asio::co_spawn(io_, run(start.check), asio::detached);
  }
  report();
  if (starts.size() == kStartsPerTurn) {
    asio::post(io_, [this] { pump(); });
  } else {
    arm();
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

asio::awaitable<void> Prober::run(CheckPtr check) {
  RunPtr run;
  try {
    run = co_await pipeline_.run(check);
  } catch (const std::exception& error) {
    log::error("a run was given up", {{"check", check->id()}, {"error", error.what()}});
  }
  finish(check, run);
}

asio::awaitable<void> Prober::run_ad_hoc(CheckPtr check, std::function<void(const RunPtr&)> done) {
  RunPtr run;
  try {
    run = co_await pipeline_.run(check);
  } catch (const std::exception& error) {
    log::error("a run was given up", {{"check", check->id()}, {"error", error.what()}});
  }
  --ad_hoc_;
  if (run && run->cut_short) {
    ++cut_short_;
    run = nullptr;
  }
  tell(done, run);
  if (stopping_) end_if_idle();
}

void Prober::finish(const CheckPtr& check, const RunPtr& run) {
  const auto id = check->id();
  schedule_.finished(id, run ? outcome_of(*run) : Outcome::failed, clock_.now());
  if (run && run->cut_short) {
    ++cut_short_;
  } else if (run) {
    tell(events_.finished, run, schedule_.current_interval(id).value_or(check->interval));
  }
  report();
  if (stopping_) {
    end_if_idle();
  } else {
    pump();
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
  log::info("checks end", {{"under_way", schedule_.in_flight() + ad_hoc_}});
  pipeline_.hurry_all();
  timer_.expires_after(kGrace);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) pipeline_.expire_all();
  });
  end_if_idle();
}

void Prober::end_if_idle() {
  if (schedule_.in_flight() > 0 || ad_hoc_ > 0) return;
  log::info("checks have ended", {{"cut_short", cut_short_}});
  timer_.cancel();
  work_.reset();
}

}  // namespace sre
