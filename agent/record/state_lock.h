#pragma once

#include <filesystem>

#include "agent/record/state_database.h"

namespace sre {

// The right to use a state file, which one process at a time has: a lock on `FILE.lock` beside it,
// gone with the process however that ends. Two agents on one file would overwrite what the other
// remembers, and delete the checks that it alone has. SQLite's own locks are no help: held for good
// they would keep a backup out as well. State thread only (and its maker's before that thread
// starts).
class StateLock {
 public:
  // An error says who has it. Where there can be no such file (a full disk, a missing directory, a
  // file system without locks) nobody is kept out.
  static StateResult<StateLock> take(const std::filesystem::path& file);

  StateLock(StateLock&& other) noexcept;
  StateLock& operator=(StateLock&& other) noexcept;
  ~StateLock();

 private:
  explicit StateLock(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;  // -1: not locked
};

}  // namespace sre
