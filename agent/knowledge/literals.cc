#include "agent/knowledge/literals.h"

#include <deque>

namespace sre {
namespace {

unsigned char lower(char c) {
  return static_cast<unsigned char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

}  // namespace

Literals::Literals(const std::vector<std::string>& literals) : count_(literals.size()) {
  for (const auto& literal : literals) {
    for (const char c : literal) {
      auto& symbol = symbol_[lower(c)];
      if (symbol == 0) symbol = static_cast<unsigned char>(symbols_++);
    }
  }
  add_state();
  for (std::size_t i = 0; i < literals.size(); ++i) add(literals[i], static_cast<std::int32_t>(i));
  link();
}

std::int32_t Literals::add_state() {
  next_.resize(next_.size() + symbols_, kNone);
  states_.emplace_back();
  return static_cast<std::int32_t>(states_.size()) - 1;
}

void Literals::add(const std::string& literal, std::int32_t number) {
  std::int32_t state = 0;
  for (const char c : literal) {
    const auto symbol = symbol_[lower(c)];
    if (next(state, symbol) == kNone) {
      const auto fresh = add_state();
      next(state, symbol) = fresh;
    }
    state = next(state, symbol);
  }
  states_[static_cast<std::size_t>(state)].literal = number;
}

// Breadth first: where the trie does not go on, go where the longest proper suffix would.
void Literals::link() {
  std::vector<std::int32_t> suffix(states_.size(), 0);
  std::deque<std::int32_t> order = {0};
  while (!order.empty()) {
    const auto state = order.front();
    order.pop_front();
    const auto from = suffix[static_cast<std::size_t>(state)];
    for (unsigned symbol = 0; symbol < symbols_; ++symbol) {
      const auto onward = state == 0 ? 0 : next(from, symbol);
      auto& child = next(state, symbol);
      if (child == kNone) {
        child = onward;
        continue;
      }
      suffix[static_cast<std::size_t>(child)] = onward;
      const auto& ending = states_[static_cast<std::size_t>(onward)];
      states_[static_cast<std::size_t>(child)].shorter =
          ending.literal != kNone ? onward : ending.shorter;
      order.push_back(child);
    }
  }
}

std::vector<int> Literals::found_in(std::string_view text) const {
  std::vector<int> found;
  std::vector<bool> seen(count_);
  std::size_t state = 0;
  for (const char c : text) {
    state = static_cast<std::size_t>(next_[state * symbols_ + symbol_[lower(c)]]);
    for (auto at = state; at != 0; at = static_cast<std::size_t>(states_[at].shorter)) {
      const auto literal = states_[at].literal;
      if (literal == kNone) continue;
      // Whatever ends here too was seen together with it.
      if (seen[static_cast<std::size_t>(literal)]) break;
      seen[static_cast<std::size_t>(literal)] = true;
      found.push_back(literal);
    }
  }
  return found;
}

}  // namespace sre
