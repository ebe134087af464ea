#pragma once

#include <optional>
#include <utility>

#include "agent/check/check.h"
#include "agent/verdict/run.h"

namespace sre {

// A run that is under way, until somebody is told what it came to. `Ended` is called with that
// once, whatever becomes of the coroutine that holds this: Asio drops a coroutine where it has no
// memory to go on with it, and then only destructors speak. It is called as `ended(check, run)`,
// with nullptr for a run that was dropped, and must neither throw nor throw when it is moved.
template <class Ended>
class UnderWay {
 public:
  UnderWay(CheckPtr check, Ended ended) noexcept
      : check_(std::move(check)), ended_(std::move(ended)) {}
  UnderWay(UnderWay&& other) noexcept
      : check_(std::move(other.check_)), ended_(std::move(other.ended_)) {
    other.ended_.reset();
  }
  UnderWay& operator=(UnderWay&&) = delete;
  ~UnderWay() { end(nullptr); }

  const CheckPtr& check() const { return check_; }

  void end(RunPtr run) noexcept {
    if (!ended_) return;
    const auto ended = std::move(*ended_);
    ended_.reset();
    ended(check_, std::move(run));
  }

 private:
  CheckPtr check_;
  std::optional<Ended> ended_;
};

}  // namespace sre
