#include "agent/smtp/transcript.h"

#include <algorithm>

namespace sre {

const Step* Transcript::last_step(Phase phase) const {
  const auto found = std::find_if(steps.rbegin(), steps.rend(),
                                  [&](const Step& step) { return step.phase == phase; });
  return found == steps.rend() ? nullptr : &*found;
}

const Ehlo* Transcript::current_ehlo() const {
  if (ehlo_after_tls) return &*ehlo_after_tls;
  return ehlo_before_tls ? &*ehlo_before_tls : nullptr;
}

const Reply* Transcript::reply(Phase phase) const {
  const auto found = std::find_if(steps.rbegin(), steps.rend(), [&](const Step& step) {
    return step.phase == phase && step.reply.has_value();
  });
  return found == steps.rend() ? nullptr : &*found->reply;
}

std::optional<Duration> Transcript::duration_of(Phase phase) const {
  std::optional<Duration> total;
  for (const auto& step : steps) {
    if (step.phase == phase) total = total.value_or(Duration::zero()) + step.took;
  }
  return total;
}

}  // namespace sre
