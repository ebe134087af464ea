#include "agent/record/failure_shelf.h"

#include <algorithm>
#include <utility>

#include "agent/record/kept_run.h"

namespace sre {

void FailureShelf::put(const std::string& id, RunPtr run) {
  const auto size = text_size(*run);
  const auto number = next_++;
  kept_.emplace(number, Kept{id, std::move(run), size});
  bytes_ += size;
  auto& mine = by_check_[id];
  mine.push_back(number);
  if (mine.size() > limits_.per_check) drop(mine.front());
  // The run just put down stays, however large: one is always within reason (fit_to_keep).
  while (kept_.size() > 1 && (kept_.size() > limits_.runs || bytes_ > limits_.bytes)) {
    drop(kept_.begin()->first);
  }
}

std::vector<RunPtr> FailureShelf::of(const std::string& id) const {
  std::vector<RunPtr> runs;
  const auto mine = by_check_.find(id);
  if (mine == by_check_.end()) return runs;
  for (auto number = mine->second.rbegin(); number != mine->second.rend(); ++number) {
    runs.push_back(kept_.at(*number).run);
  }
  return runs;
}

void FailureShelf::forget(const std::string& id) {
  const auto mine = by_check_.find(id);
  if (mine == by_check_.end()) return;
  const auto numbers = mine->second;
  for (const auto number : numbers) drop(number);
}

void FailureShelf::drop(std::uint64_t number) {
  const auto found = kept_.find(number);
  const auto mine = by_check_.find(found->second.id);
  std::erase(mine->second, number);
  if (mine->second.empty()) by_check_.erase(mine);
  bytes_ -= found->second.bytes;
  kept_.erase(found);
}

}  // namespace sre
