#pragma once

#include <mutex>
#include <utility>

namespace sre {

// A value that can only be reached while its lock is held:
//   guarded.with([](auto& value) { value.push_back(1); });
// Keep the function short; it must not call out. Thread-safe.
template <class T>
class Guarded {
 public:
  Guarded() = default;
  explicit Guarded(T value) : value_(std::move(value)) {}

  template <class F>
  decltype(auto) with(F&& f) {
    const std::lock_guard lock(mutex_);
    return std::forward<F>(f)(value_);
  }

  template <class F>
  decltype(auto) with(F&& f) const {
    const std::lock_guard lock(mutex_);
    return std::forward<F>(f)(value_);
  }

 private:
  mutable std::mutex mutex_;
  T value_;
};

}  // namespace sre
