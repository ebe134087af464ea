#include "agent/record/record.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "agent/record/kept_run.h"
#include "agent/record/state_store.h"

namespace sre {
namespace {

RunLine line_of(const Run& run) {
  return {.at = run.finished(),
          .duration = run.transcript.duration,
          .passed = run.verdict.passed,
          .phase = run.verdict.phase,
          .code = run.verdict.reply ? run.verdict.reply->code : 0,
          .reason = run.verdict.reason};
}

Transition transition_of(const RunLine& line) {
  return {.at = line.at, .passed = line.passed, .code = line.code, .reason = line.reason};
}

template <class T>
void push_bounded(std::vector<T>& list, T value, std::size_t most) {
  if (list.size() >= most) list.erase(list.begin());
  list.push_back(std::move(value));
}

}  // namespace

Record::Record(std::shared_ptr<StateStore> store, ShelfLimits failures)
    : store_(std::move(store)), state_(std::make_unique<State>(failures)) {
  if (store_) state_.with([&](auto& state) { state->saved = store_->take_saved(); });
}

void Record::replace(std::span<const CheckPtr> checks) {
  auto gone = state_.with([&](auto& state) {
    auto before = std::exchange(state->checks, {});
    state->order.clear();
    for (const auto& check : checks) {
      auto id = check->id();
      const auto same = before.find(id);
      std::shared_ptr<Memory> memory;
      if (same == before.end()) {
        memory = remember(check, state->saved);
      } else {
        memory = std::move(same->second);
        before.erase(same);
        memory->view = std::make_shared<const CheckView>(
            CheckView{check, memory->view->standing, memory->view->latest});
      }
      state->order.push_back(memory);
      state->checks.emplace(std::move(id), std::move(memory));
    }
    std::unordered_set<std::string> ids;
    for (const auto& [id, memory] : before) {
      state->failures.forget(id);
      ids.insert(id);
    }
    // What was saved for checks that the configuration has no more.
    for (const auto& [id, saved] : std::exchange(state->saved, {})) ids.insert(id);
    return ids;
  });
  if (store_ && !gone.empty()) store_->forget(gone);
}

Standing Record::add(RunPtr run) {
  const auto id = run->check->id();
  const auto kept = fit_to_keep(run);
  // Freed behind the lock: a transcript is many small pieces.
  std::shared_ptr<const CheckView> old;
  const auto change = state_.with([&](auto& state) -> std::optional<Change> {
    const auto found = state->checks.find(id);
    if (found == state->checks.end()) return std::nullopt;
    old = found->second->view;
    if (!run->verdict.passed) state->failures.put(id, kept);
    return advance_memory(*found->second, run, kept);
  });
  if (!change) return advance({}, *run);
  if (store_) {
    std::optional<Transition> transition;
    if (is_transition(change->before, change->after)) transition = transition_of(line_of(*run));
    store_->save(id, change->after, transition);
  }
  return change->after;
}

std::vector<CheckView> Record::overview() const {
  auto views = state_.with([](const auto& state) {
    std::vector<std::shared_ptr<const CheckView>> pointers;
    pointers.reserve(state->order.size());
    for (const auto& memory : state->order) pointers.push_back(memory->view);
    return pointers;
  });
  std::vector<CheckView> overview;
  overview.reserve(views.size());
  for (const auto& view : views) overview.push_back(*view);
  return overview;
}

std::optional<CheckHistory> Record::history(std::string_view id) const {
  const std::string key(id);
  return state_.with([&](const auto& state) -> std::optional<CheckHistory> {
    const auto found = state->checks.find(key);
    if (found == state->checks.end()) return std::nullopt;
    const auto& memory = *found->second;
    return CheckHistory{.view = *memory.view,
                        .failures = state->failures.of(key),
                        .runs = {memory.runs.rbegin(), memory.runs.rend()},
                        .transitions = {memory.transitions.rbegin(), memory.transitions.rend()}};
  });
}

std::shared_ptr<Record::Memory> Record::remember(const CheckPtr& check, SavedState& saved) {
  auto memory = std::make_shared<Memory>();
  CheckView view{check, {}, nullptr};
  if (auto known = saved.extract(check->id())) {
    view.standing = known.mapped().standing;
    const auto& saved_transitions = known.mapped().transitions;
    const auto count = std::min(saved_transitions.size(), kTransitions);
    memory->transitions.assign(saved_transitions.rend() - static_cast<std::ptrdiff_t>(count),
                               saved_transitions.rend());
  }
  memory->view = std::make_shared<const CheckView>(std::move(view));
  return memory;
}

Record::Change Record::advance_memory(Memory& memory, const RunPtr& run, const RunPtr& kept) {
  const Standing before = memory.view->standing;
  const Standing after = advance(before, *run);
  const auto line = line_of(*run);
  push_bounded(memory.runs, line, kRuns);
  if (is_transition(before, after)) {
    push_bounded(memory.transitions, transition_of(line), kTransitions);
  }
  memory.view = std::make_shared<const CheckView>(CheckView{memory.view->check, after, kept});
  return {before, after};
}

}  // namespace sre
