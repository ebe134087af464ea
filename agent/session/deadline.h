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

  // At shut-down. First: the run is to take leave of its server at its next chance.
  void hurry();
  // Then, for a run that has not ended by itself: it is broken off now.
  void expire();
  // Asked by a run before it begins anything new. False for one that was hurried or broken off.
  bool go_on();
  // True when the run asked in vain, or was made to expire while it was not settled, so that what
  // it came to says nothing of the server.
  bool cut_short() const;
  // Told by a run that has heard all it wants to know of a server and only takes leave of it; taken
  // back where another server is to be asked.
  void settle(bool settled) { state_->settled = settled; }

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
    bool hurried = false;
    bool cut_short = false;
    bool settled = false;
    std::function<void()> break_off;
  };
  static void arm(const std::shared_ptr<State>& state, Instant at);
  static void fire(State& state);

  // Shared with the timer's handler, which may be queued when the run ends.
  std::shared_ptr<State> state_;
};

}  // namespace sre
