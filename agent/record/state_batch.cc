#include "agent/record/state_batch.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sre {

void StateBatch::save(const std::string& id, const Standing& standing) {
  standings_.insert_or_assign(id, standing);
}

void StateBatch::add(const std::string& id, const Transition& transition) {
  transitions_.push_back({id, transition});
}

void StateBatch::forget(const std::unordered_set<std::string>& ids) {
  if (ids.empty()) return;
  for (const auto& id : ids) standings_.erase(id);
  std::erase_if(transitions_, [&](const CheckTransition& t) { return ids.contains(t.id); });
  forgotten_.insert(ids.begin(), ids.end());
}

void StateBatch::append(StateBatch later) {
  forget(later.forgotten_);
  for (auto& [id, standing] : later.standings_) standings_.insert_or_assign(id, standing);
  std::move(later.transitions_.begin(), later.transitions_.end(), std::back_inserter(transitions_));
}

std::size_t StateBatch::limit_transitions(std::size_t most) {
  if (transitions_.size() <= most) return 0;
  const auto surplus = transitions_.size() - most;
  transitions_.erase(transitions_.begin(),
                     transitions_.begin() + static_cast<std::ptrdiff_t>(surplus));
  return surplus;
}

}  // namespace sre
