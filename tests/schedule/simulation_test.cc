#include <algorithm>
#include <random>

#include "tests/schedule/fixture.h"

namespace sre {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// Hours of a busy agent, with everything that may happen to a schedule happening at random (from a
// fixed seed), and the promises checked at every step.
class ScheduleSimulation : public ScheduleTest {
 protected:
  static constexpr std::size_t kMostInFlight = 12;

  int random(int below) { return static_cast<int>(generator() % static_cast<unsigned>(below)); }

  // Forty checks of ten targets, as `version` of the configuration has them.
  std::vector<CheckPtr> configuration(int version) {
    std::vector<CheckPtr> checks;
    for (int t = 0; t < 10; ++t) {
      if (version % 3 == 1 && t % 4 == 0) continue;
      const auto target = make_target(fmt::format("t{}", t), 1 + (t + version) % 3);
      for (int c = 0; c < 4; ++c) {
        if (version % 3 == 2 && (t + c) % 5 == 0) continue;
        const int interval = version % 5 == 4 && c == 0 ? 30 : 20 * (c + 1);
        checks.push_back(make_check(target, fmt::format("c{}", c), seconds{interval}));
      }
    }
    return checks;
  }

  void reload(int version) {
    const auto checks = configuration(version);
    schedule.replace(checks, now);
    places.clear();
    for (const auto& check : checks) {
      places[check->target->name] = check->target->max_connections;
    }
  }

  void start() {
    for (const auto& start : schedule.take_due(now, static_cast<std::size_t>(1 + random(8)))) {
      const auto id = start.check->id();
      ASSERT_TRUE(running.insert(id).second) << id << " runs twice";
      ASSERT_GE(start.delay, Duration::zero());
      const auto& target = start.check->target->name;
      const auto of_target = std::ranges::count_if(
          running, [&](auto& other) { return other.starts_with(target + "/"); });
      ASSERT_LE(of_target, places.at(target)) << target;
      ++started[id];
    }
    ASSERT_LE(running.size(), kMostInFlight);
    ASSERT_EQ(schedule.in_flight(), running.size());
  }

  void finish_one() {
    if (running.empty()) return;
    auto chosen = running.begin();
    std::advance(chosen, random(static_cast<int>(running.size())));
    const Outcome outcomes[] = {Outcome::passed, Outcome::passed, Outcome::failed,
                                Outcome::login_refused};
    finish(*chosen, outcomes[random(4)]);
    running.erase(chosen);
  }

  std::mt19937 generator{20240229};  // NOLINT: the same every time
  std::set<std::string> running;
  std::map<std::string, int> places;
  std::map<std::string, int> started;
};

TEST_F(ScheduleSimulation, KeepsItsPromisesWhateverHappens) {
  schedule.set_max_in_flight(kMostInFlight);
  reload(0);
  for (int step = 0; step < 50'000; ++step) {
    switch (random(40)) {
      case 0:
        schedule.run_now(fmt::format("t{}/c{}", random(11), random(4)), now);
        break;
      case 1:
        if (random(20) == 0) reload(step);
        break;
      case 2:
        if (random(200) == 0) now += minutes{random(300)};
        break;
      default:
        now += milliseconds{random(400)};
    }
    ASSERT_NO_FATAL_FAILURE(start());
    // Calm and overload in turn.
    if (random(step / 5000 % 2 == 0 ? 2 : 20) == 0) finish_one();
  }
  EXPECT_EQ(started.size(), 40U) << "every check has had its turn";
  for (const auto cause : kSkipCauses) EXPECT_GT(schedule.skipped(cause), 0U) << to_string(cause);

  while (!running.empty()) finish_one();
  schedule.replace({}, now);
  EXPECT_EQ(schedule.in_flight(), 0U);
  EXPECT_EQ(schedule.next(), std::nullopt);
}

}  // namespace
}  // namespace sre
