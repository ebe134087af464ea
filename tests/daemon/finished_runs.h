#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "agent/daemon/prober.h"

namespace sre {

// What a prober tells, for a test to wait for. A wait gives up after a minute, so that a broken
// prober fails its test and does not hang it. Thread-safe.
class FinishedRuns {
 public:
  struct One {
    RunPtr run;
    Duration interval;
  };

  ProberEvents events() {
    return {.finished =
                [this](const RunPtr& run, Duration interval) {
                  add({run, interval});
                },
            .started = [](Duration) {},
            .in_flight =
                [this](std::size_t count) {
                  const std::lock_guard lock(mutex_);
                  in_flight_ = count;
                  changed_.notify_all();
                },
            .skipped = [](SkipCause, std::uint64_t) {}};
  }

  void add(One one) {
    const std::lock_guard lock(mutex_);
    all_.push_back(std::move(one));
    changed_.notify_all();
  }

  // All so far, as soon as there are `count` of `id`.
  std::vector<One> wait_for(std::size_t count, const std::string& id) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::minutes{1}, [&] { return of(id) >= count; });
    return all_;
  }
  bool wait_for_in_flight(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::minutes{1}, [&] { return in_flight_ == count; });
  }
  std::vector<One> all() {
    const std::lock_guard lock(mutex_);
    return all_;
  }

 private:
  std::size_t of(const std::string& id) const {
    std::size_t count = 0;
    for (const auto& one : all_) count += one.run->check->id() == id ? 1 : 0;
    return count;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<One> all_;
  std::size_t in_flight_ = 0;
};

}  // namespace sre
