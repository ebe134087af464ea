#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "agent/verdict/run.h"

namespace sre {

// How many failed runs are kept whole.
struct ShelfLimits {
  std::size_t per_check = 3;
  std::size_t runs = 2'000;                   // of all checks together
  std::size_t bytes = std::size_t{16} << 20;  // of their text
};

// The last failed runs of every check with their transcripts. When all checks together pass a
// limit the oldest of all goes first, so that an outage of thousands of targets costs a known
// amount of memory. Thread of its owner's lock only (Record).
class FailureShelf {
 public:
  explicit FailureShelf(ShelfLimits limits = {}) : limits_(limits) {}

  void put(const std::string& id, RunPtr run);
  // Newest first.
  std::vector<RunPtr> of(const std::string& id) const;
  void forget(const std::string& id);

  std::size_t size() const { return kept_.size(); }
  std::size_t bytes() const { return bytes_; }

 private:
  struct Kept {
    std::string id;
    RunPtr run;
    std::size_t bytes;
  };

  void drop(std::uint64_t number);

  const ShelfLimits limits_;
  std::uint64_t next_ = 0;
  std::size_t bytes_ = 0;
  std::map<std::uint64_t, Kept> kept_;  // by order of arrival
  std::unordered_map<std::string, std::deque<std::uint64_t>> by_check_;
};

}  // namespace sre
