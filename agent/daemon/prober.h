#pragma once

#include <algorithm>
#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "agent/check/check.h"
#include "agent/daemon/under_way.h"
#include "agent/pipeline/pipeline.h"
#include "agent/schedule/schedule.h"
#include "agent/verdict/run.h"

namespace sre {

// How many runs on request may be under way at once. Each holds a connection of the web server,
// which takes 512: whatever the configuration allows, some are left for /metrics and the pages.
constexpr std::size_t most_ad_hoc(std::size_t max_in_flight) {
  return std::min<std::size_t>(max_in_flight, 500);
}

// What the prober works by; replaced as a whole at a reload.
struct ProberSettings {
  std::vector<CheckPtr> checks;
  std::size_t max_in_flight = 256;
  std::string dns_servers;  // as Resolver takes them
  std::shared_ptr<const Knowledge> knowledge;
};

// What happens while it works. All are set, are called on the probe thread and must be quick. What
// one of them throws is logged, and goes no further.
struct ProberEvents {
  // `interval` is the one in force until the next run, back-off included.
  std::function<void(const RunPtr& run, Duration interval)> finished;
  std::function<void(Duration delay)> started;  // how much later than planned
  std::function<void(std::size_t count)> in_flight;
  std::function<void(SkipCause cause, std::uint64_t more)> skipped;
};

// Runs every check on its schedule, on the probe thread, which it owns. Where memory runs out, the
// run that wanted it is given up, and the schedule goes on. Thread-safe.
class Prober {
 public:
  Prober(const Clock& clock, ProberSettings settings, ProberEvents events);
  ~Prober();
  Prober(const Prober&) = delete;
  Prober& operator=(const Prober&) = delete;

  // All of this takes effect on the probe thread, soon after the call.
  void replace(ProberSettings settings);
  void run_now(std::string id);
  // Runs a check that is not on the schedule, once, now. `done` is called when it has ended; with
  // nullptr, and at once, where `max_in_flight` such runs (500 at most) are under way already or
  // the prober is stopping or has stopped, with nullptr too where the stop cut it short. That is on
  // the probe thread; once it has ended, in stop() or here. It must be quick, and is called once,
  // whatever happens, unless there is no memory for it.
  void probe(CheckPtr check, std::function<void(const RunPtr&)> done);
  // Calls `answer` on the probe thread: a sign that it lives.
  void ask(std::function<void()> answer);

  // Starts nothing more, has the runs under way take leave of their servers, and breaks off those
  // that have not done so in a moment. A run that was cut short is told to nobody. Returns when the
  // thread is gone; within five seconds.
  void stop();

 private:
  void work();
  bool work_until_fault();
  void pump();
  void follow();
  void start_due();
  void arm();
  template <class Ended>
  void spawn(UnderWay<Ended> one);
  template <class Ended>
  boost::asio::awaitable<void> run(UnderWay<Ended> one);
  void scheduled_ended(const CheckPtr& check, RunPtr run, const std::string& id) noexcept;
  void ad_hoc_ended(const CheckPtr& check, RunPtr run,
                    const std::function<void(const RunPtr&)>& done) noexcept;
  bool noted_as_cut_short(const Run& run) noexcept;
  RunPtr give_up(const CheckPtr& check) noexcept;
  void report();
  void begin_stop();
  void refuse_the_rest();
  void end_if_idle();

  const Clock& clock_;
  const ProberEvents events_;
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;

  std::mutex ended_mutex_;
  bool ended_ = false;  // guarded by ended_mutex_: the loop takes no more questions

  // From here on: probe thread only.
  boost::asio::steady_timer timer_;
  Pipeline pipeline_;
  Schedule schedule_;
  std::optional<ProberSettings> wanted_;  // what the schedule does not follow yet
  std::array<std::uint64_t, kSkipCauses.size()> reported_skips_{};
  std::size_t max_ad_hoc_;
  std::size_t ad_hoc_ = 0;  // under way
  bool ran_ = false;        // anything, ever
  bool stopping_ = false;
  std::size_t cut_short_ = 0;  // runs that the stop has ended
  bool faulty_ = false;        // a handler was lost: whatever it should have seen to is undone

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace sre
