#include "agent/record/state_database.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <algorithm>
#include <string_view>
#include <system_error>
#include <utility>

namespace sre {
namespace {

constexpr std::int64_t kApplicationId = 0x53524558;  // "SREX"
constexpr int kSchemaVersion = 1;
// The end of the program waits for this, several times over; and whatever another process keeps us
// from writing, as a backup may, is tried again.
constexpr int kBusyTimeoutMs = 250;

// Times are milliseconds since 1970 (UTC): `datetime(at / 1000, 'unixepoch')` reads them.
constexpr const char* kSchema = R"sql(
CREATE TABLE standing (
  check_id             TEXT PRIMARY KEY,
  passing              INTEGER NOT NULL,
  ever_passed          INTEGER NOT NULL,
  consecutive_failures INTEGER NOT NULL,
  last_run             INTEGER,
  last_success         INTEGER,
  last_change          INTEGER,
  code                 INTEGER NOT NULL,
  reason               TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE transition (
  seq      INTEGER PRIMARY KEY,
  check_id TEXT NOT NULL,
  at       INTEGER NOT NULL,
  passed   INTEGER NOT NULL,
  code     INTEGER NOT NULL,
  reason   TEXT NOT NULL
);
CREATE INDEX transition_of_check ON transition (check_id, seq);
)sql";

// The baseline survives an agent that started without its file and found it later.
constexpr const char* kSave = R"sql(
INSERT INTO standing VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
ON CONFLICT (check_id) DO UPDATE SET
  passing = ?2, ever_passed = max(ever_passed, ?3), consecutive_failures = ?4, last_run = ?5,
  last_success = coalesce(?6, last_success), last_change = ?7, code = ?8, reason = ?9
)sql";

constexpr const char* kLastTransitions = R"sql(
SELECT check_id, at, passed, code, reason FROM (
  SELECT *, row_number() OVER (PARTITION BY check_id ORDER BY seq DESC) AS place FROM transition)
WHERE place <= ? ORDER BY seq DESC
)sql";

// Per check first, so that one that flaps all year cannot push out the history of the others.
constexpr const char* kPruneEach = R"sql(
DELETE FROM transition WHERE seq IN (
  SELECT seq FROM (
    SELECT seq, row_number() OVER (PARTITION BY check_id ORDER BY seq DESC) AS place
    FROM transition)
  WHERE place > ?)
)sql";

// By rows, not by numbers: of those that one flapping check has used, most are gone already.
constexpr const char* kPruneAll = R"sql(
DELETE FROM transition WHERE seq <= (SELECT seq FROM transition ORDER BY seq DESC LIMIT 1 OFFSET ?)
)sql";

std::int64_t to_ms(WallTime time) {
  return std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

WallTime from_ms(std::int64_t ms) { return WallTime{std::chrono::milliseconds{ms}}; }

std::optional<WallTime> time_in(const SQLite::Column& column) {
  if (column.isNull()) return std::nullopt;
  return from_ms(column.getInt64());
}

// A slug that this version does not know was written by another.
Reason reason_in(const SQLite::Column& column) {
  return parse_reason(column.getText()).value_or(Reason::internal_error);
}

void bind(SQLite::Statement& statement, int index, std::optional<WallTime> time) {
  if (time) {
    statement.bind(index, to_ms(*time));
  } else {
    statement.bind(index);
  }
}

StateError describe(const SQLite::Exception& error) {
  const int code = error.getErrorCode();
  // SQLITE_ERROR: our statements do not fit the tables, so these are not what their version says.
  const bool unusable = code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_ERROR;
  return {unusable ? StateError::Kind::unusable : StateError::Kind::unavailable, error.what()};
}

StateError unusable(std::string message) {
  return {StateError::Kind::unusable, std::move(message)};
}

// Runs `action`, which may throw as SQLiteCpp does.
template <class F>
auto guarded(F&& action) -> StateResult<decltype(action())> {
  try {
    if constexpr (std::is_void_v<decltype(action())>) {
      action();
      return {};
    } else {
      return action();
    }
  } catch (const SQLite::Exception& error) {
    return tl::unexpected(describe(error));
  } catch (const std::exception& error) {
    return tl::unexpected(StateError{StateError::Kind::unavailable, error.what()});
  }
}

// Nothing when the file may be used.
std::optional<StateError> examine(SQLite::Database& database) {
  const auto number = [&](const char* pragma) { return database.execAndGet(pragma).getInt64(); };
  const auto id = number("PRAGMA application_id");
  const auto version = number("PRAGMA user_version");
  const auto tables = number("SELECT count(*) FROM sqlite_schema");
  // A new file has neither number nor tables; anything else without our id belongs to somebody.
  if (id != kApplicationId && (id != 0 || version != 0 || tables != 0)) {
    return unusable("it is a database of another program");
  }
  if (version > kSchemaVersion) {
    return unusable(fmt::format("it was written by a later version (schema {}, this one reads {})",
                                version, kSchemaVersion));
  }
  std::string verdict = database.execAndGet("PRAGMA quick_check(1)").getString();
  std::replace(verdict.begin(), verdict.end(), '\n', ' ');
  if (verdict != "ok") return unusable(verdict);
  return std::nullopt;
}

void prepare(SQLite::Database& database) {
  database.exec("PRAGMA journal_mode = WAL");
  // A power cut may cost the last seconds, never the file: in WAL mode NORMAL is safe, and FULL
  // would wait for the disk at every transaction.
  database.exec("PRAGMA synchronous = NORMAL");
  database.exec("PRAGMA journal_size_limit = 4194304");
  if (database.execAndGet("PRAGMA user_version").getInt() != 0) return;
  SQLite::Transaction transaction(database);
  database.exec(kSchema);
  database.exec(fmt::format("PRAGMA application_id = {}", kApplicationId));
  database.exec(fmt::format("PRAGMA user_version = {}", kSchemaVersion));
  transaction.commit();
}

void write_standings(SQLite::Database& database, const StateBatch& batch) {
  SQLite::Statement save(database, kSave);
  for (const auto& [id, standing] : batch.standings()) {
    save.bind(1, id);
    save.bind(2, standing.passing ? 1 : 0);
    save.bind(3, standing.ever_passed ? 1 : 0);
    save.bind(4, static_cast<std::int64_t>(standing.consecutive_failures));
    bind(save, 5, standing.last_run);
    bind(save, 6, standing.last_success);
    bind(save, 7, standing.last_change);
    save.bind(8, standing.code);
    save.bind(9, std::string(to_string(standing.reason)));
    save.exec();
    save.reset();
  }
}

void write_transitions(SQLite::Database& database, const StateBatch& batch) {
  SQLite::Statement add(database,
                        "INSERT INTO transition (check_id, at, passed, code, reason) "
                        "VALUES (?, ?, ?, ?, ?)");
  for (const auto& [id, transition] : batch.transitions()) {
    add.bind(1, id);
    add.bind(2, to_ms(transition.at));
    add.bind(3, transition.passed ? 1 : 0);
    add.bind(4, transition.code);
    add.bind(5, std::string(to_string(transition.reason)));
    add.exec();
    add.reset();
  }
}

void delete_forgotten(SQLite::Database& database, const StateBatch& batch) {
  for (const auto* text :
       {"DELETE FROM standing WHERE check_id = ?", "DELETE FROM transition WHERE check_id = ?"}) {
    SQLite::Statement erase(database, text);
    for (const auto& id : batch.forgotten()) {
      erase.bind(1, id);
      erase.exec();
      erase.reset();
    }
  }
}

}  // namespace

StateDatabase::StateDatabase(std::filesystem::path file, std::unique_ptr<SQLite::Database> database)
    : file_(std::move(file)), identity_(identify(file_)), database_(std::move(database)) {}
StateDatabase::StateDatabase(StateDatabase&&) noexcept = default;
StateDatabase& StateDatabase::operator=(StateDatabase&&) noexcept = default;
StateDatabase::~StateDatabase() = default;

StateResult<StateDatabase> StateDatabase::open(const std::filesystem::path& file) {
  std::optional<StateError> refused;
  auto opened = guarded([&] {
    auto database = std::make_unique<SQLite::Database>(
        file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, kBusyTimeoutMs);
    refused = examine(*database);
    if (!refused) prepare(*database);
    return database;
  });
  if (!opened) return tl::unexpected(std::move(opened.error()));
  if (refused) return tl::unexpected(std::move(*refused));
  return StateDatabase(file, std::move(*opened));
}

StateResult<SavedState> StateDatabase::read(const std::filesystem::path& file,
                                            std::size_t transitions) {
  std::optional<StateError> refused;
  auto opened = guarded([&] {
    auto database =
        std::make_unique<SQLite::Database>(file.string(), SQLite::OPEN_READONLY, kBusyTimeoutMs);
    refused = examine(*database);
    return database;
  });
  if (!opened) return tl::unexpected(std::move(opened.error()));
  if (refused) return tl::unexpected(std::move(*refused));
  return StateDatabase(file, std::move(*opened)).load(transitions);
}

StateResult<SavedState> StateDatabase::load(std::size_t transitions) {
  return guarded([&] {
    SavedState saved;
    SQLite::Statement standings(
        *database_,
        "SELECT check_id, passing, ever_passed, consecutive_failures, last_run, last_success, "
        "last_change, code, reason FROM standing");
    while (standings.executeStep()) {
      auto& standing = saved[standings.getColumn(0).getString()].standing;
      standing.passing = standings.getColumn(1).getInt() != 0;
      standing.ever_passed = standings.getColumn(2).getInt() != 0;
      standing.consecutive_failures = standings.getColumn(3).getUInt();
      standing.last_run = time_in(standings.getColumn(4));
      standing.last_success = time_in(standings.getColumn(5));
      standing.last_change = time_in(standings.getColumn(6));
      standing.code = standings.getColumn(7).getInt();
      standing.reason = reason_in(standings.getColumn(8));
    }
    SQLite::Statement rows(*database_, kLastTransitions);
    rows.bind(1, static_cast<std::int64_t>(transitions));
    while (rows.executeStep()) {
      const auto check = saved.find(rows.getColumn(0).getString());
      if (check == saved.end()) continue;
      check->second.transitions.push_back(
          {from_ms(rows.getColumn(1).getInt64()), rows.getColumn(2).getInt() != 0,
           rows.getColumn(3).getInt(), reason_in(rows.getColumn(4))});
    }
    return saved;
  });
}

StateResult<void> StateDatabase::write(const StateBatch& batch) {
  return guarded([&] {
    SQLite::Transaction transaction(*database_);
    delete_forgotten(*database_, batch);
    write_standings(*database_, batch);
    write_transitions(*database_, batch);
    transaction.commit();
  });
}

StateResult<void> StateDatabase::prune(const StateRetention& keep, WallTime now) {
  return guarded([&] {
    SQLite::Transaction transaction(*database_);
    const auto run = [&](const char* sql, std::int64_t bound) {
      SQLite::Statement statement(*database_, sql);
      statement.bind(1, bound);
      statement.exec();
    };
    run("DELETE FROM transition WHERE at < ?",
        to_ms(now - std::chrono::duration_cast<WallTime::duration>(keep.age)));
    run(kPruneEach, static_cast<std::int64_t>(keep.transitions_per_check));
    run(kPruneAll, static_cast<std::int64_t>(keep.transitions));
    transaction.commit();
  });
}

StateDatabase::FileId StateDatabase::identify(const std::filesystem::path& file) {
  struct stat facts {};
  if (::stat(file.c_str(), &facts) != 0) return {};
  return {facts.st_dev, facts.st_ino};
}

bool StateDatabase::in_place() const {
  return identity_.inode != 0 && identify(file_) == identity_;
}

std::optional<std::filesystem::path> set_aside(const std::filesystem::path& file, WallTime now) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  const auto stem = fmt::format("{}.unusable-{:%Y%m%dT%H%M%SZ}", file.string(),
                                fmt::gmtime(static_cast<std::time_t>(seconds)));
  std::error_code error;
  std::filesystem::path aside = stem;
  for (int n = 2; std::filesystem::exists(aside, error); ++n) aside = fmt::format("{}-{}", stem, n);
  std::filesystem::rename(file, aside, error);
  if (error) return std::nullopt;
  // The journal belongs to the old file; left behind, SQLite would play it into the new one.
  for (const std::string_view suffix : {"-wal", "-shm"}) {
    std::filesystem::rename(file.string() + std::string(suffix),
                            aside.string() + std::string(suffix), error);
  }
  return aside;
}

}  // namespace sre
