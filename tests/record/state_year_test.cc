// How large the state file gets when checks fail and recover for a year.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "agent/record/state_store.h"
#include "tests/base/files.h"
#include "tests/record/runs.h"

namespace sre {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::ManualClock;
using ::testing::SizeIs;

constexpr std::uintmax_t kMegabyte = 1'000'000;

class StateYearTest : public ::testing::Test {
 protected:
  static StateStore::Options options() {
    StateStore::Options options;
    options.tick = 24h;  // written when flush() says so
    options.loaded_transitions = 1'000'000;
    return options;
  }
  void change(StateStore& store, const std::string& id) {
    passed = !passed;
    Standing standing;
    standing.passing = passed;
    standing.ever_passed = true;
    standing.last_run = standing.last_change = clock.wall();
    store.save(id, standing,
               Transition{clock.wall(), passed, passed ? 235 : 535,
                          passed ? Reason::ok : Reason::auth_credentials_invalid});
  }
  // With its journal.
  std::uintmax_t size() const {
    std::uintmax_t sum = 0;
    for (const auto& entry : fs::directory_iterator(folder)) sum += entry.file_size();
    return sum;
  }
  void measure() { largest = std::max(largest, size()); }

  ManualClock clock;
  const test::ScratchFolder scratch;
  const fs::path folder = scratch.path();
  const fs::path file = folder / "state.db";
  bool passed = false;
  std::uintmax_t largest = 0;
};

TEST_F(StateYearTest, AYearOfFlappingEveryMinuteStaysSmallAndPushesNothingElseOut) {
  {
    StateStore store(file, clock, options());
    for (int hour = 0; hour < 400 * 24; ++hour) {
      for (int minute = 0; minute < 60; ++minute) {
        clock.advance(1min);
        change(store, "flapping/login");
      }
      if (hour % (7 * 24) == 0) change(store, "steady/login");
      store.flush();
      if (hour % 24 == 0) measure();
    }
  }
  auto saved = StateStore(file, clock, options()).take_saved();
  EXPECT_THAT(saved["flapping/login"].transitions, SizeIs(::testing::Le(500U + 25 * 60)));
  // 58 weeks began, the first five or so more than 365 days ago.
  EXPECT_THAT(saved["steady/login"].transitions,
              SizeIs(::testing::AllOf(::testing::Ge(52U), ::testing::Le(53U))));
  EXPECT_GE(saved["steady/login"].transitions.back().at, clock.wall() - 24h * 366);
  RecordProperty("largest_bytes", std::to_string(largest));
  EXPECT_LT(largest, 10 * kMegabyte);
}

TEST_F(StateYearTest, AsManyTransitionsAsItEverKeepsFitIntoABoundedFile) {
  constexpr int kChecks = 5'000;
  constexpr int kChanges = 110;  // 550,000 in all, where 500,000 are kept
  StateStore store(file, clock, options());
  for (int n = 0; n < kChanges; ++n) {
    clock.advance(1min);
    for (int check = 0; check < kChecks; ++check) {
      change(store, "smtp-" + std::to_string(check) + ".example.com/login_required");
    }
    if (n % 4 != 0) continue;
    store.flush();
    measure();
  }
  RecordProperty("largest_bytes", std::to_string(largest));
  EXPECT_LT(largest, 150 * kMegabyte);
}

}  // namespace
}  // namespace sre
