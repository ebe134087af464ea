#include "agent/record/state_store.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "agent/record/record.h"
#include "tests/base/files.h"
#include "tests/record/runs.h"

namespace sre {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::failed;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::make_check;
using testing::ManualClock;
using testing::passed;
using ::testing::SizeIs;

// A folder of its own for every test; the store's thread writes only when a test says flush() or
// lets the store go, whatever the machine's speed.
class StateStoreTest : public ::testing::Test {
 protected:
  std::shared_ptr<StateStore> open() {
    StateStore::Options options;
    options.tick = 24h;
    return std::make_shared<StateStore>(file, clock, options);
  }
  SavedState saved() { return open()->take_saved(); }
  // Without asking for the lock, which a store may have.
  SavedState in_file() const { return StateDatabase::open(file).value().load(50).value(); }
  std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(folder)) {
      found.push_back(entry.path().filename());
    }
    return found;
  }
  void execute(const char* sql) const {
    SQLite::Database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(sql);
  }
  void write_file(std::string_view text) const { std::ofstream(file) << text; }
  void damage(std::uintmax_t from, std::uintmax_t to) const {
    std::fstream damaged(file, std::ios::in | std::ios::out | std::ios::binary);
    damaged.seekp(static_cast<std::streamoff>(from));
    for (auto at = from; at < to; ++at) damaged.put('\xA5');
  }

  const CheckPtr login = make_check("corp", "login");
  const Standing good = advance({}, *passed(login, 1min));
  ManualClock clock;
  const test::ScratchFolder scratch;
  const fs::path folder = scratch.path();
  fs::path file = folder / "state.db";
};

TEST_F(StateStoreTest, StandingAndTransitionsSurviveARestart) {
  Standing before;
  {
    Record record(open());
    record.replace(std::array{login});
    record.add(passed(login, 1min));
    record.add(failed(login, 2min));
    before = record.add(failed(login, 3min));
  }
  Record record(open());
  record.replace(std::array{login});
  const auto history = record.history("corp/login");
  EXPECT_EQ(history->view.standing, before);
  EXPECT_TRUE(history->view.standing.regression());
  EXPECT_THAT(history->transitions,
              ElementsAre(Transition{ManualClock::kStart + 2min, false, 535,
                                     Reason::auth_credentials_invalid},
                          Transition{ManualClock::kStart + 1min, true, 235, Reason::ok}));
  // The first run after the restart is compared with the last one before it.
  record.add(failed(login, 4min));
  EXPECT_THAT(record.history("corp/login")->transitions, SizeIs(2));
}

TEST_F(StateStoreTest, WithoutAFileNothingIsWritten) {
  Record record;
  record.replace(std::array{login});
  record.add(passed(login, 1min));
  EXPECT_THAT(names(), IsEmpty());
}

TEST_F(StateStoreTest, ForgetsChecksThatAreConfiguredNoMore) {
  {
    Record record(open());
    const auto other = make_check("corp", "other");
    record.replace(std::array{login, other});
    record.add(passed(login, 1min));
    record.add(passed(other, 1min));
    record.replace(std::array{login});
  }
  EXPECT_THAT(saved(), ElementsAre(::testing::Key("corp/login")));
  { Record(open()).replace({}); }
  EXPECT_THAT(saved(), IsEmpty());
}

TEST_F(StateStoreTest, ADamagedFileIsSetAside) {
  write_file("This is not a database, whatever its name says. It is longer than a header of one.");
  {
    const auto store = open();
    EXPECT_THAT(store->take_saved(), IsEmpty());
    store->save("corp/login", good, std::nullopt);
  }
  EXPECT_THAT(names(), Contains("state.db.unusable-20260102T030405Z"));
  EXPECT_EQ(saved().at("corp/login").standing, good);
}

TEST_F(StateStoreTest, DamageInTheMiddleOfTheFileIsFound) {
  {
    const auto store = open();
    for (int i = 0; i < 2'000; ++i) {
      store->save("target/" + std::to_string(i), good, Transition{.at = ManualClock::kStart});
    }
  }
  damage(8192, 16384);
  EXPECT_THAT(saved(), IsEmpty());
  EXPECT_THAT(names(), Contains("state.db.unusable-20260102T030405Z"));
}

// Far more than SQLite keeps in memory, so that what is written or deleted has to be read first.
TEST_F(StateStoreTest, DamageFoundWhileItRunsLosesNothingThatIsKnown) {
  constexpr int kChecks = 40'000;
  const auto id = [](int n) { return "target-with-a-long-name/" + std::to_string(n); };
  const auto store = open();
  for (int n = 0; n < kChecks; ++n) store->save(id(n), good, std::nullopt);
  store->flush();
  // Into the file itself, not only into its journal.
  execute("PRAGMA wal_checkpoint(TRUNCATE)");
  damage(8192, fs::file_size(file));
  const Standing bad = advance({}, *failed(login, 5min));
  for (int n = 0; n < kChecks; ++n) store->save(id(n), bad, std::nullopt);
  store->flush();
  EXPECT_THAT(names(), Contains("state.db.unusable-20260102T030405Z"));
  EXPECT_THAT(in_file(), SizeIs(kChecks));
  EXPECT_EQ(in_file().at(id(kChecks / 2)).standing, bad);
}

TEST_F(StateStoreTest, DamageFoundWhileOldTransitionsAreDeletedLosesNothingThatIsKnown) {
  constexpr int kTransitions = 20'000;
  const auto store = open();
  for (int n = 0; n < kTransitions; ++n) {
    store->save("flapping/login", good, Transition{.at = ManualClock::kStart});
    store->save("steady/login", good, std::nullopt);
    if (n % 1000 == 0) store->flush();
  }
  store->flush();
  execute("PRAGMA wal_checkpoint(TRUNCATE)");
  // The last pages have the latest transitions and stay whole: a write alone notices nothing.
  damage(16384, fs::file_size(file) / 2);
  clock.advance(25h);
  store->save("steady/login", good, std::nullopt);
  store->flush();
  EXPECT_THAT(names(), Contains("state.db.unusable-20260103T040405Z"));
  EXPECT_THAT(in_file(), SizeIs(2));
}

TEST_F(StateStoreTest, AFileOfOursWithoutItsTablesIsSetAside) {
  { open()->save("corp/login", good, std::nullopt); }
  execute("DROP TABLE transition");
  EXPECT_THAT(saved(), IsEmpty());
  EXPECT_THAT(names(), Contains("state.db.unusable-20260102T030405Z"));
}

TEST_F(StateStoreTest, ADatabaseOfAnotherProgramIsSetAside) {
  execute("CREATE TABLE mail (id)");
  EXPECT_THAT(saved(), IsEmpty());
  EXPECT_THAT(names(), Contains("state.db.unusable-20260102T030405Z"));
}

TEST_F(StateStoreTest, ASecondDamagedFileDoesNotReplaceTheFirst) {
  for (int i = 0; i < 2; ++i) {
    write_file(
        "This is not a database, whatever its name says. It is longer than a header of one.");
    open();
    fs::remove(file);
  }
  EXPECT_THAT(names(), Contains("state.db.unusable-20260102T030405Z"));
  EXPECT_THAT(names(), Contains("state.db.unusable-20260102T030405Z-2"));
}

TEST_F(StateStoreTest, AMissingDirectoryMayComeLater) {
  file = folder / "later" / "state.db";
  const auto store = open();
  EXPECT_FALSE(store->usable()) << "before there is anything to write";
  store->save("corp/login", good, std::nullopt);
  store->flush();
  store->save("corp/tls", good, std::nullopt);
  store->flush();
  EXPECT_FALSE(store->usable());
  fs::create_directory(folder / "later");
  store->flush();
  EXPECT_TRUE(store->usable());
  store->save("corp/other", good, std::nullopt);
  store->flush();
  EXPECT_THAT(in_file(), SizeIs(3));
}

TEST_F(StateStoreTest, ALostFileIsWrittenAnewWithAllThatIsKnown) {
  { open()->save("corp/login", good, std::nullopt); }
  const auto store = open();
  store->save("corp/tls", good, std::nullopt);
  store->flush();
  for (const auto& name : names()) fs::remove(folder / name);
  store->save("corp/other", good, std::nullopt);
  store->flush();
  EXPECT_THAT(in_file(), SizeIs(3));
}

TEST_F(StateStoreTest, ALostDirectoryMayComeBack) {
  file = folder / "mounted" / "state.db";
  fs::create_directory(folder / "mounted");
  const auto store = open();
  store->save("corp/login", good, std::nullopt);
  store->flush();
  fs::remove_all(folder / "mounted");
  store->save("corp/tls", good, std::nullopt);
  store->flush();
  fs::create_directory(folder / "mounted");
  store->flush();
  EXPECT_THAT(in_file(), SizeIs(2));
}

TEST_F(StateStoreTest, TheDirectoryThatComesBackMayHoldTheFile) {
  file = folder / "mounted" / "state.db";
  fs::create_directory(folder / "mounted");
  const auto store = open();
  store->save("corp/login", good, std::nullopt);
  store->flush();
  fs::rename(folder / "mounted", folder / "elsewhere");
  store->save("corp/tls", good, std::nullopt);
  store->flush();
  fs::rename(folder / "elsewhere", folder / "mounted");
  store->flush();
  EXPECT_THAT(in_file(), SizeIs(2));
}

TEST_F(StateStoreTest, TheBaselineOfAFileFoundLateIsKept) {
  { open()->save("corp/login", good, std::nullopt); }
  fs::rename(file, folder / "hidden");
  file = folder / "state.db";
  fs::create_directory(file);  // SQLite cannot open a directory
  const auto store = open();
  Standing bad = advance({}, *failed(login, 5min));
  store->save("corp/login", bad, std::nullopt);
  store->flush();
  fs::remove(file);
  fs::rename(folder / "hidden", file);
  store->save("corp/login", bad, std::nullopt);
  store->flush();
  const auto standing = in_file().at("corp/login").standing;
  EXPECT_TRUE(standing.regression());
  EXPECT_EQ(standing.last_success, good.last_success);
}

TEST_F(StateStoreTest, OldAndSurplusTransitionsAreDeleted) {
  auto database = StateDatabase::open(file);
  ASSERT_TRUE(database);
  StateBatch batch;
  batch.save("a", good);
  batch.save("b", good);
  batch.add("a", {.at = WallTime{100s}});
  for (int i = 0; i < 20; ++i) {
    batch.add("a", {.at = WallTime{std::chrono::seconds{1000 + i}}});
    batch.add("b", {.at = WallTime{std::chrono::seconds{1000 + i}}});
  }
  ASSERT_TRUE(database->write(batch));
  StateRetention keep{.age = 500s, .transitions_per_check = 100, .transitions = 1000};
  ASSERT_TRUE(database->prune(keep, WallTime{1020s}));
  EXPECT_THAT(database->load(50)->at("a").transitions, SizeIs(20));
  keep.transitions_per_check = 15;
  ASSERT_TRUE(database->prune(keep, WallTime{1020s}));
  EXPECT_THAT(database->load(50)->at("a").transitions, SizeIs(15));
  EXPECT_EQ(database->load(50)->at("a").transitions.front().at, WallTime{1019s});
  EXPECT_THAT(database->load(3)->at("a").transitions, SizeIs(3));
  keep.transitions = 10;
  ASSERT_TRUE(database->prune(keep, WallTime{1020s}));
  const auto left = database->load(50);
  EXPECT_EQ(left->at("a").transitions.size() + left->at("b").transitions.size(), 10U);
}

TEST_F(StateStoreTest, ASecondAgentLeavesTheFileAloneUntilTheFirstHasEnded) {
  auto first = open();
  first->save("one/login", good, std::nullopt);
  first->flush();
  const auto second = open();
  second->save("two/login", good, std::nullopt);
  second->forget({"one/login"});
  second->flush();
  EXPECT_THAT(in_file(), ElementsAre(::testing::Key("one/login")));
  first.reset();
  second->flush();
  EXPECT_THAT(in_file(), SizeIs(2));
}

TEST_F(StateStoreTest, BeginsWithWhatAPredecessorHasWrittenThatIsStillEnding) {
  auto before = open();
  const Standing failing = advance(good, *failed(login, 2min));
  before->save("corp/login", failing, Transition{.at = WallTime{1000s}});
  before->flush();
  const auto after = open();
  auto saved = after->take_saved();
  ASSERT_THAT(saved, SizeIs(1));
  EXPECT_EQ(saved["corp/login"].standing.consecutive_failures, 1U);
  EXPECT_THAT(saved["corp/login"].transitions, SizeIs(1));
  // What the other finds in its last moments is newer than what was read.
  before->save("corp/login", advance(failing, *failed(login, 3min)), std::nullopt);
  before.reset();
  after->save("corp/other", good, std::nullopt);
  after->flush();
  EXPECT_EQ(in_file().at("corp/login").standing.consecutive_failures, 2U);
}

TEST_F(StateStoreTest, WhatAnotherProcessKeptOutIsWrittenOnceItMayBe) {
  const auto store = open();
  SQLite::Database other(file.string(), SQLite::OPEN_READWRITE);
  other.exec("BEGIN IMMEDIATE");
  store->save("corp/login", good, Transition{.at = WallTime{1000s}});
  store->flush();
  EXPECT_THAT(in_file(), IsEmpty());
  other.exec("ROLLBACK");
  store->flush();
  const auto held = in_file().at("corp/login");
  EXPECT_EQ(held.standing.last_success, good.last_success);
  EXPECT_THAT(held.transitions, SizeIs(1));
}

TEST(StateLock, SaysWhoHasIt) {
  const test::ScratchFolder folder;
  const auto file = folder.path() / "state.db";
  {
    const auto first = StateLock::take(file);
    ASSERT_TRUE(first);
    const auto second = StateLock::take(file);
    ASSERT_FALSE(second);
    EXPECT_THAT(second.error().message, HasSubstr("process " + std::to_string(getpid()) + " on "));
  }
  EXPECT_TRUE(StateLock::take(file)) << "gone with whoever had it";
}

TEST(StateLock, IsNoHindranceWhereItCannotBeMade) {
  EXPECT_TRUE(StateLock::take("/nowhere/at/all/state.db"));
}

TEST_F(StateStoreTest, AFileOfALaterVersionIsSetAside) {
  { open()->save("corp/login", good, std::nullopt); }
  execute("PRAGMA user_version = 99");
  const auto opened = StateDatabase::open(file);
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, HasSubstr("later version (schema 99"));
  EXPECT_THAT(saved(), IsEmpty());
  EXPECT_THAT(names(), Contains("state.db.unusable-20260102T030405Z"));
}

}  // namespace
}  // namespace sre
