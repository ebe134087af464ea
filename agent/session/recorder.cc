#include "agent/session/recorder.h"

#include <utility>

#include "agent/base/text.h"

namespace sre {
namespace {

constexpr std::size_t kMaxDetailBytes = 300;

}  // namespace

Recorder::Recorder(const Clock& clock) : clock_(clock), started_(clock.now()) {
  transcript_.started = clock.wall();
}

void Recorder::begin_at(Instant at, Phase phase, std::string shown_command) {
  end_at(at);
  Step step{};
  step.phase = phase;
  step.command = std::move(shown_command);
  step.at = at - started_;
  transcript_.steps.push_back(std::move(step));
  open_ = true;
  if (observer_) observer_(transcript_.steps.back(), false);
}

void Recorder::end_at(Instant at) {
  if (open_) close(at);
}

void Recorder::close(Instant at, std::optional<Reply> reply) {
  open_ = false;
  auto& step = transcript_.steps.back();
  step.took = at - started_ - step.at;
  if (reply) step.reply = cleaned(std::move(*reply));
  if (observer_) observer_(step, true);
}

void Recorder::answer(Reply reply) {
  if (!open_) begin(phase());  // a reply that nothing asked for
  close(now(), std::move(reply));
}

void Recorder::fault(Phase phase, Reason reason, std::string_view detail, const Reply* partial) {
  const bool has_partial = open_ && partial != nullptr && !partial->lines.empty();
  // Of one that breaks the rules the code is known; of one that only did not end, nothing yet.
  if (has_partial && reason != Reason::protocol_violation) {
    transcript_.steps.back().unfinished = cleaned(*partial);
  } else if (has_partial) {
    close(now(), *partial);
  }
  end();
  if (transcript_.fault) return;
  transcript_.fault =
      Fault{phase, reason, printable(redactor_.clean(std::string(detail)), kMaxDetailBytes)};
}

Phase Recorder::phase() const {
  return transcript_.steps.empty() ? Phase::resolve : transcript_.steps.back().phase;
}

const Reply* Recorder::last_reply() const {
  if (transcript_.steps.empty() || !transcript_.steps.back().reply) return nullptr;
  return &*transcript_.steps.back().reply;
}

Reply Recorder::cleaned(Reply reply) const {
  redactor_.clean(reply.lines);
  return reply;
}

Transcript Recorder::finish() {
  end();
  transcript_.duration = now() - started_;
  return std::move(transcript_);
}

}  // namespace sre
