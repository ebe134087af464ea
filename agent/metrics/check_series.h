#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agent/base/clock.h"
#include "agent/check/check.h"
#include "agent/metrics/label_sets.h"
#include "agent/smtp/phase.h"
#include "agent/smtp/reason.h"
#include "agent/verdict/run.h"
#include "agent/verdict/standing.h"

namespace sre {

// Upper bounds of the duration histogram's buckets, in seconds.
inline constexpr std::array kDurationBuckets = {0.01, 0.025, 0.05, 0.1,  0.25, 0.5,
                                                1.0,  2.5,   5.0,  10.0, 30.0};

// All values exported for one check. A new one is made for every run, so that a scrape can read
// the old one in peace. A value; shared as Immutable.
struct CheckSeries {
  struct ReplyCount {
    std::string labels;  // phase="...",code="..."
    std::uint64_t count;
  };
  // What is exported of the last run since the start.
  struct LastRun {
    bool reachable = false;
    std::array<std::uint16_t, kPhases.size()> codes{};  // 0: no reply in that phase
    std::array<std::optional<Duration>, kPhases.size()> took{};
    std::string result;  // labels of smtp_check_result_info
  };

  std::shared_ptr<const std::string> labels;             // target="...",check="..."
  std::array<std::uint16_t, kPhases.size()> expected{};  // 0: nothing expected
  Duration configured_interval{};
  Duration interval{};  // back-off included
  Standing standing;    // without last_run: never run
  std::optional<LastRun> last;

  std::uint64_t runs = 0;
  std::vector<std::pair<Reason, std::uint64_t>> failures;
  std::vector<ReplyCount> replies;
  std::array<std::uint64_t, kDurationBuckets.size() + 1> buckets{};  // not cumulative
  double duration_sum = 0;
};

using CheckSeriesPtr = std::shared_ptr<const CheckSeries>;

// Of a check that has not run yet.
CheckSeries new_series(const Check& check, const LabelSets& sets);

// `fresh`, made by new_series() from a new configuration, with all that `before` has counted.
void carry_over(CheckSeries& fresh, const CheckSeries& before);

// `series` after one more run, which led to `standing`.
void count_run(CheckSeries& series, const Run& run, const Standing& standing,
               const LabelSets& sets);

}  // namespace sre
