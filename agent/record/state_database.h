#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <tl/expected.hpp>

#include "agent/base/clock.h"
#include "agent/record/state_batch.h"

namespace SQLite {
class Database;
}

namespace sre {

// Why the state file could not be used.
struct StateError {
  enum class Kind : std::uint8_t {
    unavailable,  // no directory, no permission, no space: may pass by itself
    unusable,     // damaged, not ours, or of a later version: trying again changes nothing
  };
  Kind kind;
  std::string message;
};

template <class T>
using StateResult = tl::expected<T, StateError>;

// How much of the past the file keeps.
struct StateRetention {
  Duration age = std::chrono::hours{24 * 365};
  std::size_t transitions_per_check = 500;
  std::size_t transitions = 500'000;
};

// The state file: an SQLite database in WAL mode, whose `application_id` says that it is ours and
// whose `user_version` says which schema it has. The only user of SQLite. Throws nothing. State
// thread only (and its maker's before that thread starts).
class StateDatabase {
 public:
  // Opens `file`, or makes it where there is none; its directory must exist. Reads it through once,
  // so that damage is found now.
  static StateResult<StateDatabase> open(const std::filesystem::path& file);

  // What is in a file that is another's to write; the file stays as it is. As load().
  static StateResult<SavedState> read(const std::filesystem::path& file, std::size_t transitions);

  StateDatabase(StateDatabase&&) noexcept;
  StateDatabase& operator=(StateDatabase&&) noexcept;
  ~StateDatabase();

  // Every standing, and the last `transitions` of each check.
  StateResult<SavedState> load(std::size_t transitions);
  // All of it or, on an error, nothing.
  StateResult<void> write(const StateBatch& batch);
  // Deletes what is older or more than `keep` allows.
  StateResult<void> prune(const StateRetention& keep, WallTime now);

  // False once the file was deleted, moved or replaced behind our back: SQLite would go on writing
  // into a file that nobody can see.
  bool in_place() const;

 private:
  struct FileId {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    friend bool operator==(const FileId&, const FileId&) = default;
  };

  StateDatabase(std::filesystem::path file, std::unique_ptr<SQLite::Database> database);
  static FileId identify(const std::filesystem::path& file);

  std::filesystem::path file_;
  FileId identity_;
  std::unique_ptr<SQLite::Database> database_;
};

// Renames `file` (with its journal) to `file.unusable-UTC-TIME`; returns the new name, or nothing
// when it could not be renamed.
std::optional<std::filesystem::path> set_aside(const std::filesystem::path& file, WallTime now);

}  // namespace sre
