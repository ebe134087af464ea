#include "agent/daemon/reloader.h"

#include <gmock/gmock.h>

#include <condition_variable>
#include <mutex>
#include <new>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace sre {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

// What has happened, in order, on whatever thread. Shared by all who may outlive a test.
class Events {
 public:
  void add(std::string event) {
    const std::lock_guard lock(mutex_);
    events_.push_back(std::move(event));
    added_.notify_all();
  }
  // All, as soon as there are so many; those that there are where they do not come.
  std::vector<std::string> wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    added_.wait_for(lock, std::chrono::minutes{1}, [&] { return events_.size() >= count; });
    return events_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable added_;
  std::vector<std::string> events_;
};

// Lets nobody pass before it is opened; for good.
class Gate {
 public:
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    opened_.notify_all();
  }
  void pass() {
    std::unique_lock lock(mutex_);
    opened_.wait(lock, [this] { return open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable opened_;
  bool open_ = false;
};

std::string described(const Result<void>& outcome) {
  return outcome ? "good" : outcome.error().message;
}

class ReloaderTest : public testing::Test {
 protected:
  ReloaderTest() {
    steps.read = [events = events](Instant) -> Result<Renewal> {
      events->add("read");
      return Renewal{};
    };
    steps.take = [events = events](const Renewal&) { events->add("taken"); };
    steps.tell = [events = events](const Result<void>& outcome, Instant) {
      events->add("told: " + described(outcome));
    };
  }

  void begin(Duration patience = Reloader::kPatience) {
    reloader.emplace(steps, patience);
    reloader->start();
  }
  void ask(const std::string& who) {
    reloader->ask([events = events, who](const Result<void>& outcome) {
      events->add(who + ": " + described(outcome));
    });
  }
  // The first reading waits until the gate opens.
  void hold_first_reading() {
    steps.read = [events = events, gate = gate](Instant) -> Result<Renewal> {
      const auto before = events->wait_for(0).size();
      events->add("read");
      if (before == 0) gate->pass();
      return Renewal{};
    };
  }

  std::shared_ptr<Events> events = std::make_shared<Events>();
  std::shared_ptr<Gate> gate = std::make_shared<Gate>();
  ReloadSteps steps;
  std::optional<Reloader> reloader;
};

constexpr auto kStopping = "the program is stopping; nothing is reloaded any more";

TEST_F(ReloaderTest, ReadsTakesAndTells) {
  begin();
  ask("alice");
  EXPECT_THAT(events->wait_for(4), ElementsAre("read", "taken", "told: good", "alice: good"));
}

TEST_F(ReloaderTest, WorksOnAThreadOfItsOwn) {
  const auto here = std::this_thread::get_id();
  steps.read = [here, events = events](Instant) -> Result<Renewal> {
    events->add(std::this_thread::get_id() == here ? "here" : "elsewhere");
    return Renewal{};
  };
  begin();
  reloader->ask();
  EXPECT_EQ(events->wait_for(1).front(), "elsewhere");
}

TEST_F(ReloaderTest, TakesNothingWhereTheReadingFailed) {
  steps.read = [](Instant) -> Result<Renewal> { return failure("config.toml:3:1: no"); };
  begin();
  ask("alice");
  EXPECT_THAT(events->wait_for(2),
              ElementsAre("told: config.toml:3:1: no", "alice: config.toml:3:1: no"));
}

TEST_F(ReloaderTest, BeginsWithWhatWasAskedBeforeIt) {
  reloader.emplace(steps);
  ask("alice");
  EXPECT_THAT(events->wait_for(0), IsEmpty());
  reloader->start();
  EXPECT_EQ(events->wait_for(4).back(), "alice: good");
}

// What is being read may be older than the request.
TEST_F(ReloaderTest, GivesThoseWhoAskDuringAReloadTheNextOne) {
  hold_first_reading();
  begin();
  ask("alice");
  events->wait_for(1);
  ask("bob");
  ask("carol");
  gate->open();
  EXPECT_THAT(events->wait_for(9),
              ElementsAre("read", "taken", "told: good", "alice: good",  //
                          "read", "taken", "told: good", "bob: good", "carol: good"));
}

TEST_F(ReloaderTest, ReloadsOnceMoreForAnyNumberOfRequests) {
  hold_first_reading();
  begin();
  reloader->ask();
  events->wait_for(1);
  for (int i = 0; i < 1000; ++i) reloader->ask();
  ask("alice");
  gate->open();
  EXPECT_EQ(events->wait_for(7).size(), 7U);
}

TEST_F(ReloaderTest, GoesOnAfterALackOfMemory) {
  int failing = 0;
  const auto fail_at = [&failing](int step) {
    if (failing == step) throw std::bad_alloc();
  };
  steps.read = [&](Instant) -> Result<Renewal> { return fail_at(1), Renewal{}; };
  steps.take = [&](const Renewal&) { fail_at(2); };
  steps.tell = [&](const Result<void>&, Instant) { fail_at(3); };
  begin();
  const auto outcome_of = [&](int step) {
    failing = step;
    const auto before = events->wait_for(0).size();
    reloader->ask([&](const Result<void>&) { fail_at(4); });
    ask("alice");
    return events->wait_for(before + 1).back();
  };
  EXPECT_THAT(outcome_of(1), StartsWith("alice: this machine is out of memory"));
  EXPECT_THAT(outcome_of(2), StartsWith("alice: this machine is out of memory"));
  EXPECT_EQ(outcome_of(3), "alice: good");
  EXPECT_EQ(outcome_of(4), "alice: good");
  EXPECT_EQ(outcome_of(0), "alice: good");
}

TEST_F(ReloaderTest, RefusesAtOnceWhenItHasStopped) {
  begin();
  reloader->stop();
  reloader->stop();
  ask("alice");
  EXPECT_THAT(events->wait_for(1), ElementsAre(std::string("alice: ") + kStopping));
}

TEST_F(ReloaderTest, TellsAllWhoWaitThatItStopsAndTakesNothingMore) {
  hold_first_reading();
  begin();
  ask("alice");
  events->wait_for(1);
  ask("bob");
  reloader->refuse();
  gate->open();
  reloader->stop();
  EXPECT_THAT(events->wait_for(3), ElementsAre("read", std::string("alice: ") + kStopping,
                                               std::string("bob: ") + kStopping));
}

// What it takes is used no more when refuse() has returned. (The thread sanitizer sees to the
// rest.)
TEST_F(ReloaderTest, RefusesWhenWhatIsBeingTakenHasBeen) {
  bool taken = false;
  steps.take = [&](const Renewal&) {
    events->add("taking");
    gate->pass();
    taken = true;
  };
  begin();
  ask("alice");
  events->wait_for(2);
  std::thread opener([&] { gate->open(); });
  reloader->refuse();
  EXPECT_TRUE(taken);
  EXPECT_EQ(events->wait_for(0).back(), "alice: good");
  opener.join();
}

// Says so when it dies.
struct Witness {
  std::shared_ptr<Events> events;
  ~Witness() { events->add("let go"); }
};

TEST_F(ReloaderTest, LeavesAFileBehindThatDoesNotCome) {
  hold_first_reading();
  steps.look = [witness = std::make_shared<Witness>(events)] {};
  begin(Duration::zero());
  steps = {};
  ask("alice");
  events->wait_for(1);
  reloader.reset();
  EXPECT_THAT(events->wait_for(2), ElementsAre("read", std::string("alice: ") + kStopping));
  gate->open();
  EXPECT_EQ(events->wait_for(3).back(), "let go") << "the thread ends, and takes nothing";
}

TEST_F(ReloaderTest, LooksAtFilesAgainAndAgain) {
  steps.look = [events = events] {
    events->add("looked");
    throw std::bad_alloc();
  };
  begin();
  EXPECT_THAT(events->wait_for(2), ElementsAre("looked", "looked"));
}

}  // namespace
}  // namespace sre
