#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "agent/record/history.h"
#include "agent/verdict/standing.h"

namespace sre {

// What the state file remembers of one check.
struct SavedCheck {
  Standing standing;
  std::vector<Transition> transitions;  // newest first
};

// By check id ("target/check").
using SavedState = std::unordered_map<std::string, SavedCheck>;

// Changes that wait to be written, at most one standing a check. A value.
class StateBatch {
 public:
  struct CheckTransition {
    std::string id;
    Transition transition;
  };

  void save(const std::string& id, const Standing& standing);
  void add(const std::string& id, const Transition& transition);
  // Takes back the standing that waits for `id`.
  void withdraw(const std::string& id) { standings_.erase(id); }
  // Takes back all that waits for these checks, and has their rows deleted.
  void forget(const std::unordered_set<std::string>& ids);
  // `later` happened after all that is in here.
  void append(StateBatch later);
  // Drops the oldest transitions beyond `most`; returns how many.
  std::size_t limit_transitions(std::size_t most);

  bool has_standing(const std::string& id) const { return standings_.contains(id); }
  bool empty() const { return standings_.empty() && transitions_.empty() && forgotten_.empty(); }
  // The order in which they are applied: first forgotten(), then the rest.
  const std::unordered_set<std::string>& forgotten() const { return forgotten_; }
  const std::unordered_map<std::string, Standing>& standings() const { return standings_; }
  const std::vector<CheckTransition>& transitions() const { return transitions_; }

 private:
  std::unordered_set<std::string> forgotten_;
  std::unordered_map<std::string, Standing> standings_;
  std::vector<CheckTransition> transitions_;  // oldest first
};

}  // namespace sre
