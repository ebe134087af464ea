#include "agent/daemon/reloader.h"

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <future>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "agent/base/fault.h"
#include "agent/base/log.h"
#include "agent/base/thread.h"

namespace sre {
namespace {

constexpr auto kLookEvery = std::chrono::seconds{1};

// So short that it takes no memory to say.
tl::unexpected<Error> no_memory() { return failure("no memory left"); }

Result<void> stopping() { return failure("the program is stopping; nothing is reloaded any more"); }

// What `body` gives, or what it throws as an Error.
template <class T, class Body>
Result<T> or_fault(const Body& body) noexcept {
  Result<T> result = no_memory();
  caught([&] {
    try {
      result = body();
    } catch (const std::exception& error) {
      result = failure(describe(error));
    }
  });
  return result;
}

void answer(const std::vector<Reloader::Done>& all, const Result<void>& outcome) noexcept {
  for (const auto& done : all) {
    if (caught([&] { done(outcome); })) log::error("a reload got no answer for want of memory");
  }
}

}  // namespace

// What the thread works by. It holds this for itself: it may be all that is left of a Reloader.
struct Reloader::Work {
  enum class Turn : std::uint8_t { reload, look, end };

  explicit Work(ReloadSteps all) : steps(std::move(all)) {}

  void run() noexcept;
  Turn wait_for_turn(Instant look_at);
  void reload() noexcept;
  bool enter();
  void leave(const Result<void>& outcome);

  const ReloadSteps steps;
  std::promise<void> ended;

  std::mutex mutex;  // guards the rest; never held during a step or a Done
  std::condition_variable changed;
  bool wanted = false;
  std::vector<Done> next;          // who waits for the reload after the one under way
  std::vector<Done> now;           // and for that one
  bool entered = false;            // the agent is used, beyond reading
  std::optional<Instant> refused;  // since when
};

void Reloader::Work::run() noexcept {
  begin_thread("reload");
  auto look_at = system_clock().now() + kLookEvery;
  for (auto turn = Turn::look; turn != Turn::end;) {
    turn = wait_for_turn(look_at);
    if (turn == Turn::reload) reload();
    if (turn == Turn::look) {
      if (caught(steps.look)) log::error("files could not be looked at for want of memory");
      // From its end: a look at files that hang may take longer than the pause.
      look_at = system_clock().now() + kLookEvery;
    }
  }
  ended.set_value();
}

Reloader::Work::Turn Reloader::Work::wait_for_turn(Instant look_at) {
  std::unique_lock lock(mutex);
  const auto called = [this] { return wanted || refused; };
  if (!steps.look) {
    changed.wait(lock, called);
  } else if (!changed.wait_until(lock, look_at, called)) {
    return Turn::look;
  }
  if (refused) return Turn::end;
  wanted = false;
  now = std::exchange(next, {});
  return Turn::reload;
}

void Reloader::Work::reload() noexcept {
  const auto began = system_clock().now();
  const auto renewal = or_fault<Renewal>([&] { return steps.read(began); });
  if (!enter()) return;
  const auto outcome = or_fault<void>([&]() -> Result<void> {
    if (!renewal) return tl::unexpected(renewal.error());
    steps.take(*renewal);
    return {};
  });
  caught([&] { steps.tell(outcome, began); });
  leave(outcome);
}

// False where refuse() came while it read: whom it was for is being taken down, or is gone.
bool Reloader::Work::enter() {
  const std::lock_guard lock(mutex);
  if (!refused) entered = true;
  return entered;
}

void Reloader::Work::leave(const Result<void>& outcome) {
  std::unique_lock lock(mutex);
  auto waiting = std::exchange(now, {});
  lock.unlock();
  answer(waiting, outcome);
  waiting.clear();  // what they hold dies before the agent may
  lock.lock();
  entered = false;
  changed.notify_all();
}

Reloader::Reloader(ReloadSteps steps, Duration patience)
    : patience_(patience), work_(std::make_shared<Work>(std::move(steps))) {}

Reloader::~Reloader() { stop(); }

void Reloader::start() {
  thread_ = std::thread([work = work_] { work->run(); });
}

void Reloader::ask(Done done) {
  {
    const std::lock_guard lock(work_->mutex);
    if (!work_->refused) {
      if (done) work_->next.push_back(std::move(done));
      work_->wanted = true;
      work_->changed.notify_all();
      return;
    }
  }
  if (done) done(stopping());
}

void Reloader::refuse() noexcept {
  std::unique_lock lock(work_->mutex);
  if (!work_->refused) work_->refused = system_clock().now();
  work_->changed.notify_all();
  work_->changed.wait(lock, [this] { return !work_->entered; });
  const auto now = std::exchange(work_->now, {});
  const auto next = std::exchange(work_->next, {});
  lock.unlock();
  const auto outcome = or_fault<void>(stopping);
  answer(now, outcome);
  answer(next, outcome);
}

void Reloader::stop() noexcept {
  refuse();
  if (!thread_.joinable()) return;
  const auto patience_ends = *work_->refused + patience_;
  if (work_->ended.get_future().wait_until(patience_ends) == std::future_status::ready) {
    thread_.join();
    return;
  }
  log::warn("a file that was to be read does not come, the program ends without it");
  thread_.detach();
}

}  // namespace sre
