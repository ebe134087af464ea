#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "agent/base/guarded.h"
#include "agent/record/failure_shelf.h"
#include "agent/record/history.h"
#include "agent/record/state_batch.h"

namespace sre {

class StateStore;

// What is remembered of every configured check: how it stands, its last runs, its last failures
// with the whole dialogue, its transitions. Memory is bounded whatever servers say and however many
// fail. The lock is held for copies of pointers only. Thread-safe.
class Record {
 public:
  static constexpr std::size_t kRuns = 20;
  static constexpr std::size_t kTransitions = 50;

  // Begins with what `store` saved, and hands it every change; null: nothing outlives the process.
  explicit Record(std::shared_ptr<StateStore> store = nullptr, ShelfLimits failures = {});

  // The checks of a new configuration, in its order. A check is the same while its id is: it keeps
  // all. One that is gone takes its memory, and its rows in the state file, with it.
  void replace(std::span<const CheckPtr> checks);

  // One more run of a check; its standing after it. A run that ends after its check has been
  // removed leaves no trace.
  Standing add(RunPtr run);

  // Every check in the configuration's order.
  std::vector<CheckView> overview() const;
  // Nothing where no check has this id ("target/check").
  std::optional<CheckHistory> history(std::string_view id) const;

 private:
  struct Memory {
    std::shared_ptr<const CheckView> view;
    std::vector<RunLine> runs;            // oldest first
    std::vector<Transition> transitions;  // oldest first
  };
  struct State {
    explicit State(ShelfLimits limits) : failures(limits) {}
    std::vector<std::shared_ptr<Memory>> order;
    std::unordered_map<std::string, std::shared_ptr<Memory>> checks;
    FailureShelf failures;
    SavedState saved;  // of checks not configured yet
  };
  struct Change {
    Standing before;
    Standing after;
  };

  static std::shared_ptr<Memory> remember(const CheckPtr& check, SavedState& saved);
  static Change advance_memory(Memory& memory, const RunPtr& run, const RunPtr& kept);

  const std::shared_ptr<StateStore> store_;
  Guarded<std::unique_ptr<State>> state_;
};

}  // namespace sre
