#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>

#include "agent/base/clock.h"

namespace sre {

// The moment by which a run must have ended. Whatever the run waits for at the time says how to
// break that wait off. Probe thread only.
class Deadline {
 public:
  Deadline(boost::asio::io_context& io, Instant at);
  ~Deadline();
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  Instant at() const;
  bool expired() const;
  // Now: ends the run, as at shut-down.
  void expire();

  // While it lives, `break_off` is called when the deadline passes; at once if it has passed
  // already.
  class Guard {
   public:
    Guard(Deadline& deadline, std::function<void()> break_off);
    ~Guard();
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

   private:
    Deadline& deadline_;
  };

 private:
  struct State {
    explicit State(boost::asio::io_context& io) : timer(io) {}
    boost::asio::steady_timer timer;
    Instant at{};
    bool expired = false;
    std::function<void()> break_off;
  };
  static void arm(const std::shared_ptr<State>& state, Instant at);
  static void fire(State& state);

  // Shared with the timer's handler, which may be queued when the run ends.
  std::shared_ptr<State> state_;
};

}  // namespace sre
