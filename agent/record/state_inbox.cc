#include "agent/record/state_inbox.h"

#include <utility>

namespace sre {

void StateInbox::save(const std::string& id, const Standing& standing,
                      const std::optional<Transition>& transition) {
  if (!transition) {
    (urgent_.has_standing(id) ? urgent_ : relaxed_).save(id, standing);
    return;
  }
  relaxed_.withdraw(id);
  urgent_.save(id, standing);
  urgent_.add(id, *transition);
  // Only while the writer hangs in a dying disk can so many gather. Cut by half: not at every call.
  if (urgent_.transitions().size() > most_) urgent_.limit_transitions((most_ + 1) / 2);
}

void StateInbox::forget(const std::unordered_set<std::string>& ids) {
  for (const auto& id : ids) relaxed_.withdraw(id);
  urgent_.forget(ids);
}

StateBatch StateInbox::take(Instant now, bool everything) {
  auto batch = std::exchange(urgent_, {});
  if (everything || now >= next_full_) {
    batch.append(std::exchange(relaxed_, {}));
    next_full_ = now + times_after_;
  }
  return batch;
}

}  // namespace sre
