#include "agent/metrics/agent_metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/metric_family.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <map>
#include <utility>
#include <vector>

#include "agent/metrics/catalogue.h"
#include "agent/metrics/process.h"

namespace sre {
namespace {

// Why a run that was due did not start. Whatever else a caller names becomes "other", which is not
// there before that.
constexpr std::array<std::string_view, 4> kCauses = {"running", "target_busy", "in_flight_limit",
                                                     "suspended"};

const prometheus::Histogram::BucketBoundaries kDelayBuckets = {
    0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60};

std::string text(std::string_view view) { return std::string(view); }

prometheus::Family<prometheus::Gauge>& add_gauge(prometheus::Registry& registry, Metric metric) {
  const auto& entry = family(metric);
  return prometheus::BuildGauge().Name(text(entry.name)).Help(text(entry.help)).Register(registry);
}

prometheus::MetricFamily process_family(Metric metric, double value) {
  const auto& entry = family(metric);
  prometheus::ClientMetric series;
  series.counter.value = value;
  series.gauge.value = value;
  const bool counts = entry.type == MetricType::counter;
  return {text(entry.name),
          text(entry.help),
          counts ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge,
          {series}};
}

}  // namespace

struct AgentMetrics::Families {
  prometheus::Registry registry;
  prometheus::Gauge& reload_successful =
      add_gauge(registry, Metric::config_last_reload_successful).Add({});
  prometheus::Gauge& reload_time =
      add_gauge(registry, Metric::config_last_reload_success_timestamp_seconds).Add({});
  prometheus::Family<prometheus::Gauge>& state_file_usable =
      add_gauge(registry, Metric::state_file_usable);  // without series until told
  prometheus::Gauge& in_flight = add_gauge(registry, Metric::checks_in_flight).Add({});
  prometheus::Histogram& start_delay =
      prometheus::BuildHistogram()
          .Name(text(family(Metric::check_start_delay_seconds).name))
          .Help(text(family(Metric::check_start_delay_seconds).help))
          .Register(registry)
          .Add({}, kDelayBuckets);
  prometheus::Family<prometheus::Counter>& skipped =
      prometheus::BuildCounter()
          .Name(text(family(Metric::checks_skipped_total).name))
          .Help(text(family(Metric::checks_skipped_total).help))
          .Register(registry);
  std::map<std::string_view, prometheus::Counter*> skipped_by;
};

AgentMetrics::AgentMetrics(const BuildInfo& build, std::filesystem::path proc)
    : families_(std::make_unique<Families>()), proc_(std::move(proc)) {
  add_gauge(families_->registry, Metric::build_info)
      .Add({{"version", build.version}, {"libcurl", build.libcurl}, {"openssl", build.openssl}})
      .Set(1);
  for (const auto cause : kCauses) {
    families_->skipped_by[cause] = &families_->skipped.Add({{"cause", text(cause)}});
  }
}

AgentMetrics::~AgentMetrics() = default;

void AgentMetrics::set_in_flight(std::size_t runs) {
  families_->in_flight.Set(static_cast<double>(runs));
}

void AgentMetrics::observe_start_delay(Duration delay) {
  families_->start_delay.Observe(to_seconds(delay));
}

void AgentMetrics::count_skipped(std::string_view cause, std::uint64_t runs) {
  const auto found = families_->skipped_by.find(cause);
  auto& counter = found != families_->skipped_by.end()
                      ? *found->second
                      : families_->skipped.Add({{"cause", "other"}});
  counter.Increment(static_cast<double>(runs));
}

void AgentMetrics::config_reloaded(bool good, WallTime at) {
  families_->reload_successful.Set(good ? 1 : 0);
  if (good) families_->reload_time.Set(to_unix_seconds(at));
}

void AgentMetrics::set_state_file_usable(bool usable) {
  families_->state_file_usable.Add({}).Set(usable ? 1 : 0);
}

std::string AgentMetrics::expose() const {
  auto collected = families_->registry.Collect();
  if (const auto process = read_process(proc_)) {
    const std::pair<Metric, double> values[] = {
        {Metric::process_cpu_seconds_total, process->cpu_seconds},
        {Metric::process_resident_memory_bytes, process->resident_bytes},
        {Metric::process_virtual_memory_bytes, process->virtual_bytes},
        {Metric::process_open_fds, process->open_fds},
        {Metric::process_max_fds, process->max_fds},
        {Metric::process_start_time_seconds, process->start_time},
    };
    for (const auto& [metric, value] : values) collected.push_back(process_family(metric, value));
  }
  return prometheus::TextSerializer().Serialize(collected);
}

}  // namespace sre
