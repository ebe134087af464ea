// A program that is killed while it writes its state, 200 times over.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <random>

#include "agent/record/state_store.h"
#include "tests/base/files.h"
#include "tests/record/runs.h"

namespace sre {
namespace {

namespace fs = std::filesystem;
using testing::ManualClock;

constexpr auto kId = "corp/login";
constexpr int kKills = 200;
constexpr std::size_t kAllTransitions = 1'000'000;

// The n-th change of the check: its standing and its transition both carry the number.
WallTime time_of(std::uint32_t n) { return ManualClock::kStart + std::chrono::seconds{n}; }

Standing standing_of(std::uint32_t n) {
  Standing standing;
  standing.consecutive_failures = n;
  standing.last_run = standing.last_change = time_of(n);
  return standing;
}

StateStore::Options options() {
  StateStore::Options options;
  options.tick = std::chrono::hours{24};  // written when flush() says so
  options.loaded_transitions = kAllTransitions;
  options.retention.transitions_per_check = kAllTransitions;
  return options;
}

// What the pipe is told of a change. A pipe holds 64 of them: a writer that nobody reads from,
// because the machine is busy, waits, and the file does not grow for as long as it likes.
using Word = std::array<std::uint32_t, 256>;

// Writes change after change and tells the pipe of each one that has been written, until it is
// killed.
[[noreturn]] void write_for_ever(const fs::path& file, std::uint32_t first, int pipe) {
  ManualClock clock;
  StateStore store(file, clock, options());
  for (auto n = first;; ++n) {
    store.save(kId, standing_of(n), Transition{time_of(n), false, 535, Reason::ok});
    store.flush();
    const Word word{n};
    if (::write(pipe, word.data(), sizeof word) != sizeof word) std::_Exit(1);
  }
}

// The next number that a pipe tells of; 0 for none.
std::uint32_t next_of(int pipe) {
  Word word{};
  return ::read(pipe, word.data(), sizeof word) == sizeof word ? word[0] : 0;
}

// The last number that a pipe tells of before its writer is gone; 0 for none.
std::uint32_t last_of(int pipe) {
  std::uint32_t last = 0;
  while (const auto n = next_of(pipe)) last = n;
  return last;
}

TEST(StateStoreKilled, KeepsWhateverItHasWritten) {
  const test::ScratchFolder scratch;
  const fs::path folder = scratch.path();
  const auto file = folder / "state.db";
  std::mt19937 random(1);
  std::uint32_t acknowledged = 0;
  for (int kill = 0; kill < kKills; ++kill) {
    int pipe[2];
    ASSERT_EQ(::pipe(pipe), 0);
    const auto child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) write_for_ever(file, acknowledged + 1, pipe[1]);
    ::close(pipe[1]);
    // Some changes later, and anywhere within the next one.
    std::uint32_t n = 0;
    for (auto more = 1 + random() % 3; more > 0; --more) {
      n = next_of(pipe[0]);
      ASSERT_NE(n, 0U);
    }
    for (auto turns = random() % 4000; turns > 0; --turns) ::sched_yield();
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    acknowledged = std::max(n, last_of(pipe[0]));
    ::close(pipe[0]);

    ManualClock clock;
    auto saved = StateStore(file, clock, options()).take_saved();
    ASSERT_TRUE(saved.contains(kId)) << "after kill " << kill;
    // The change that was being written may be there as well.
    const auto written = saved[kId].standing.consecutive_failures;
    ASSERT_GE(written, acknowledged) << "after kill " << kill;
    ASSERT_EQ(saved[kId].transitions.size(), written) << "each change is there, once";
    acknowledged = written;
  }
  EXPECT_GE(acknowledged, static_cast<std::uint32_t>(kKills));
  std::size_t files_set_aside = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    files_set_aside += entry.path().string().find("unusable") != std::string::npos ? 1 : 0;
  }
  EXPECT_EQ(files_set_aside, 0U) << "no kill damages the file";
  fs::remove_all(folder);
}

}  // namespace
}  // namespace sre
