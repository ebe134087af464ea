#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <unordered_set>

#include "agent/base/clock.h"
#include "agent/record/state_batch.h"
#include "agent/record/state_database.h"
#include "agent/record/state_inbox.h"
#include "agent/record/state_lock.h"

namespace sre {

// Where the standings survive a restart. Whatever happens to the file, nobody who calls in here
// waits for it: changes are taken into memory and written by a thread of its own, in one
// transaction a second at most; a standing of which only the times moved waits up to a minute. A
// file that cannot be written is complained of once, and tried again until it can. Thread-safe.
class StateStore {
 public:
  struct Options {
    Duration tick = std::chrono::seconds{1};         // between two writes
    Duration times_after = std::chrono::minutes{1};  // how stale unchanged standings may be on disk
    Duration retry = std::chrono::seconds{10};       // after a failed write
    std::size_t waiting_transitions = 20'000;        // beyond it the oldest are lost
    std::size_t loaded_transitions = 50;             // of each check, for take_saved()
    StateRetention retention;
  };

  // Opens `file` and reads it. Never fails: a file that is damaged or not ours is set aside under
  // another name, a directory that is missing may come later, and so may the end of another agent
  // that uses the file (until then it is read only); all of that is said in the log.
  StateStore(std::filesystem::path file, const Clock& clock, Options options);
  StateStore(std::filesystem::path file, const Clock& clock)
      : StateStore(std::move(file), clock, Options{}) {}
  // Writes what still waits.
  ~StateStore();
  StateStore(const StateStore&) = delete;
  StateStore& operator=(const StateStore&) = delete;

  // What the file held at the start; empty the second time.
  SavedState take_saved();

  // The standing of a check after a run, and the transition when that run was one.
  void save(const std::string& id, const Standing& standing,
            const std::optional<Transition>& transition);
  // These checks are configured no more.
  void forget(const std::unordered_set<std::string>& ids);
  // False while the file cannot be used, by the last try.
  bool usable() const { return !complained_; }
  // Returns when all that was handed over before has been written, or could not be.
  void flush();

 private:
  // What callers leave for the thread.
  struct Shared {
    StateInbox inbox;
    SavedState saved;
    std::uint64_t flushes_wanted = 0;
    std::uint64_t flushes_done = 0;
    bool stop = false;
    bool borrowed = false;  // another agent had the file at the start, and has it still

    bool hurry() const { return stop || flushes_wanted != flushes_done; }
  };

  void borrow();
  void begin_with(SavedState saved);
  void run();
  // Waits for the next tick; what is due by then.
  StateBatch collect(bool& stop, std::uint64_t& flushes);
  // The rest is the thread's own (and the constructor's).
  void write(StateBatch batch);
  // These return whether there is a database to write into.
  bool ready();
  bool open();
  bool give_up(const StateError& error);  // but for a new file, where that helps
  bool begin_anew(const StateError& error);
  bool prune_when_due();
  void adopt(StateDatabase database);
  void complain(const StateError& error);

  const std::filesystem::path file_;
  const Clock& clock_;
  const Options options_;

  std::mutex mutex_;
  std::condition_variable changed_;
  Shared shared_;  // guarded by mutex_

  std::optional<StateLock> lock_;  // before the database: held until that is closed
  std::optional<StateDatabase> database_;
  StateBatch unwritten_;  // what a failed write left behind
  // Every standing handed over or read, for a file that has to begin anew.
  std::unordered_map<std::string, Standing> known_;
  std::atomic<bool> complained_ = false;
  std::optional<Instant> next_try_;
  std::optional<Instant> next_prune_;
  std::size_t added_since_prune_ = 0;

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace sre
