#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "agent/base/clock.h"
#include "agent/base/guarded.h"
#include "agent/check/check.h"
#include "agent/metrics/agent_metrics.h"
#include "agent/metrics/check_series.h"
#include "agent/metrics/label_sets.h"
#include "agent/metrics/target_series.h"
#include "agent/verdict/run.h"
#include "agent/verdict/standing.h"

namespace sre {

struct MetricsOptions {
  bool durations = true;  // smtp_check_duration_seconds, 14 series a check
  std::filesystem::path proc = "/proc";
};

// Everything that Prometheus is told, as the catalogue lists it. The values of a check are one
// immutable object, replaced by the next run: a scrape copies the pointers under the lock and
// writes its megabytes outside, so that it never holds up a run. Thread-safe.
class Metrics {
 public:
  Metrics(LabelSets sets, const BuildInfo& build, const MetricsOptions& options = {});

  // The checks of a new configuration. A check is the same while its id ("target/check") is: its
  // counters go on. One that is gone takes its series with it, and so does a target.
  void replace(std::span<const CheckPtr> checks);
  // What a check was before the restart, so that its timestamps and regression stand before its
  // first run. Without effect once it has run.
  void restore(const std::string& id, const Standing& standing);
  // One more run, and the standing it led to. Unknown ids are ignored: the run outlived its check.
  void observe(const Run& run, const Standing& standing);
  // The interval in force, when the schedule slows a check down or lets it go on as configured.
  void set_interval(const std::string& id, Duration interval);

  void set_in_flight(std::size_t runs) { agent_.set_in_flight(runs); }
  void observe_start_delay(Duration delay) { agent_.observe_start_delay(delay); }
  // `cause`: running, target_busy, in_flight_limit or suspended.
  void count_skipped(std::string_view cause, std::uint64_t runs = 1) {
    agent_.count_skipped(cause, runs);
  }
  // After every attempt to read the configuration, the first one included.
  void config_reloaded(bool good, WallTime at) { agent_.config_reloaded(good, at); }
  // Where a state file is configured.
  void set_state_file_usable(bool usable) { agent_.set_state_file_usable(usable); }

  // The answer to /metrics, text format 0.0.4.
  std::string expose() const;
  // The answer to /probe: one run that no check stands behind. Its families have no labels target
  // and check; counters, and what only a memory could know, are left out.
  std::string expose_probe(const Run& run) const;

 private:
  struct State {
    std::vector<CheckSeriesPtr> checks;  // in the configuration's order
    std::unordered_map<std::string, std::size_t> check_index;
    std::vector<TargetSeriesPtr> targets;
    std::unordered_map<std::string, std::size_t> target_index;  // by the target's name
  };

  State new_state(std::span<const CheckPtr> checks) const;
  static void carry_over(State& fresh, const State& before);

  const LabelSets sets_;
  const bool durations_;
  AgentMetrics agent_;
  mutable std::atomic<std::size_t> last_size_ = 0;  // of an exposition, to reserve the next

  Guarded<State> state_;
};

}  // namespace sre
