#pragma once

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "agent/schedule/schedule.h"

namespace sre {

// A schedule on a clock that moves only when a test says so.
class ScheduleTest : public testing::Test {
 protected:
  static constexpr Instant kStart{std::chrono::hours{24}};

  static std::shared_ptr<Target> make_target(const std::string& name, int max_connections = 1) {
    auto target = std::make_shared<Target>();
    target->name = name;
    target->max_connections = max_connections;
    return target;
  }
  static CheckPtr make_check(std::shared_ptr<const Target> target, const std::string& name,
                             Duration interval = std::chrono::seconds{60}) {
    auto check = std::make_shared<Check>();
    check->target = std::move(target);
    check->name = name;
    check->interval = interval;
    return check;
  }
  // As many targets with one check each, called "t0/greeting", "t1/greeting", ...
  static std::vector<CheckPtr> make_checks(int count,
                                           Duration interval = std::chrono::seconds{60}) {
    std::vector<CheckPtr> checks;
    for (int i = 0; i < count; ++i) {
      checks.push_back(make_check(make_target(fmt::format("t{}", i)), "greeting", interval));
    }
    return checks;
  }

  // What starts at `now`, by id, in order.
  std::vector<std::string> take() {
    std::vector<std::string> ids;
    for (const auto& start : schedule.take_due(now)) {
      ids.push_back(start.check->id());
      delays[ids.back()] = start.delay;
    }
    return ids;
  }
  // Moves to where the schedule wants to be asked next, and takes what starts there.
  std::vector<std::string> take_next() {
    const auto next = schedule.next();
    if (!next) return {};
    now = std::max(now, *next);
    return take();
  }
  void finish(const std::string& id, Outcome outcome = Outcome::passed) {
    schedule.finished(id, outcome, now);
  }

  Instant now = kStart;
  Schedule schedule{256};
  std::map<std::string, Duration> delays;  // of the latest start of each
};

}  // namespace sre
