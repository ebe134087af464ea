#include "agent/session/deadline.h"

#include <utility>

namespace sre {

Deadline::Deadline(boost::asio::io_context& io, Instant at) : state_(std::make_shared<State>(io)) {
  arm(state_, at);
}

Deadline::~Deadline() {
  state_->break_off = nullptr;
  state_->timer.cancel();
}

Instant Deadline::at() const { return state_->at; }

bool Deadline::expired() const { return state_->expired; }

void Deadline::hurry() { state_->hurried = true; }

void Deadline::expire() {
  hurry();
  if (!state_->settled) state_->cut_short = true;
  fire(*state_);
}

bool Deadline::go_on() {
  if (state_->hurried) state_->cut_short = true;
  return !state_->hurried;
}

bool Deadline::cut_short() const { return state_->cut_short; }

void Deadline::arm(const std::shared_ptr<State>& state, Instant at) {
  state->at = at;
  state->timer.expires_at(at);
  state->timer.async_wait([weak = std::weak_ptr(state)](const boost::system::error_code& error) {
    const auto alive = weak.lock();
    if (!error && alive) fire(*alive);
  });
}

void Deadline::fire(State& state) {
  state.expired = true;
  if (const auto break_off = std::exchange(state.break_off, nullptr)) break_off();
}

Deadline::Guard::Guard(Deadline& deadline, std::function<void()> break_off) : deadline_(deadline) {
  deadline_.state_->break_off = std::move(break_off);
  if (deadline_.expired()) fire(*deadline_.state_);
}

Deadline::Guard::~Guard() { deadline_.state_->break_off = nullptr; }

}  // namespace sre
