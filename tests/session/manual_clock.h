#pragma once

#include "agent/base/clock.h"

namespace sre {

// Stands still until a test moves it.
class ManualClock final : public Clock {
 public:
  Instant now() const noexcept override { return Instant{} + passed_; }
  WallTime wall() const noexcept override {
    return WallTime{} + std::chrono::duration_cast<WallTime::duration>(passed_);
  }
  void advance(Duration by) { passed_ += by; }

 private:
  Duration passed_ = std::chrono::hours{1};
};

}  // namespace sre
