#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_set>

#include "agent/base/clock.h"
#include "agent/record/state_batch.h"

namespace sre {

// What waits for the state file, and how long it may. Transitions are due at once; a standing of
// which only the times moved is due once in `times_after`, so that 5,000 checks a minute cost one
// transaction a minute and not 83 rows a second. A value; its owner locks (StateStore).
class StateInbox {
 public:
  StateInbox(Duration times_after, std::size_t most_transitions, Instant now)
      : times_after_(times_after), most_(most_transitions), next_full_(now + times_after) {}

  void save(const std::string& id, const Standing& standing,
            const std::optional<Transition>& transition);
  void forget(const std::unordered_set<std::string>& ids);
  // What is due at `now`, or all of it.
  StateBatch take(Instant now, bool everything);

 private:
  const Duration times_after_;
  const std::size_t most_;  // beyond it the oldest transitions are lost

  // A check's standing waits in one of the two, never in both: so the order in which they are
  // written does not matter.
  StateBatch urgent_;   // transitions with their standings, and what is to be forgotten
  StateBatch relaxed_;  // standings of which only the times moved
  Instant next_full_;
};

}  // namespace sre
