#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sre {

// Finds which of many literal texts occur in a text, ignoring the case of ASCII letters, in one
// pass (Aho and Corasick 1975). Immutable.
class Literals {
 public:
  // `literals` are in lower case and not empty.
  explicit Literals(const std::vector<std::string>& literals);

  // The numbers of those that occur in `text`, each once, in no order. Linear in the text's length
  // and in what occurs.
  std::vector<int> found_in(std::string_view text) const;

 private:
  static constexpr std::int32_t kNone = -1;

  struct State {
    std::int32_t literal = kNone;  // the one that ends here
    std::int32_t shorter = 0;      // the nearest state in which a literal ends that ends here too
  };

  std::int32_t& next(std::int32_t state, unsigned symbol) {
    return next_[static_cast<std::size_t>(state) * symbols_ + symbol];
  }
  std::int32_t add_state();
  void add(const std::string& literal, std::int32_t number);
  void link();

  unsigned char symbol_[256] = {};  // 0: occurs in no literal
  std::size_t symbols_ = 1;
  std::vector<std::int32_t> next_;  // by state and symbol; the whole automaton, nothing to search
  std::vector<State> states_;       // the first one is the root
  std::size_t count_;
};

}  // namespace sre
