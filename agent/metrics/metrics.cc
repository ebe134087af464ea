#include "agent/metrics/metrics.h"

#include <optional>
#include <utility>

#include "agent/metrics/exposition.h"

namespace sre {
namespace {

// A changed copy of an immutable value.
template <class T, class F>
std::shared_ptr<const T> changed(const std::shared_ptr<const T>& before, F&& change) {
  auto after = std::make_shared<T>(*before);
  std::forward<F>(change)(*after);
  return after;
}

// The answer's families that blackbox_exporter has as well, under its names.
void write_blackbox_families(TextWriter& out, const Run& run) {
  const auto& seen = run.transcript;
  const auto write = [&](Metric metric, double value, std::string_view labels = {}) {
    out.begin(family(metric));
    out.series(labels, {}, value);
  };
  const auto protocol = seen.address.find(':') == std::string::npos ? 4.0 : 6.0;
  write(Metric::probe_success, run.verdict.passed ? 1.0 : 0.0);
  write(Metric::probe_duration_seconds, to_seconds(seen.duration));
  write(Metric::probe_dns_lookup_time_seconds,
        to_seconds(seen.duration_of(Phase::resolve).value_or(Duration::zero())));
  write(Metric::probe_ip_protocol, seen.address.empty() ? 0.0 : protocol);
  if (!seen.tls) return;
  if (const auto expiry = seen.tls->earliest_expiry) {
    write(Metric::probe_ssl_earliest_cert_expiry, to_unix_seconds(*expiry));
  }
  // "TLS 1.3" where OpenSSL says "TLSv1.3".
  const std::string_view version = seen.tls->version;
  if (version.starts_with("TLSv1") && version.size() <= 7) {
    const auto number = version == "TLSv1" ? "1.0" : std::string(version.substr(4));
    write(Metric::probe_tls_version_info, 1.0, label("version", "TLS " + number));
  }
}

}  // namespace

Metrics::Metrics(LabelSets sets, const BuildInfo& build, const MetricsOptions& options)
    : sets_(std::move(sets)), durations_(options.durations), agent_(build, options.proc) {}

void Metrics::replace(std::span<const CheckPtr> checks) {
  auto fresh = new_state(checks);
  state_.with([&](State& state) {
    carry_over(fresh, state);
    std::swap(state, fresh);
  });
}

Metrics::State Metrics::new_state(std::span<const CheckPtr> checks) const {
  State state;
  for (const auto& check : checks) {
    state.check_index.emplace(check->id(), state.checks.size());
    state.checks.push_back(std::make_shared<const CheckSeries>(new_series(*check, sets_)));
    const auto& target = *check->target;
    if (state.target_index.try_emplace(target.name, state.targets.size()).second) {
      state.targets.push_back(std::make_shared<const TargetSeries>(new_series(target)));
    }
  }
  return state;
}

void Metrics::carry_over(State& fresh, const State& before) {
  for (const auto& [id, at] : fresh.check_index) {
    const auto old = before.check_index.find(id);
    if (old == before.check_index.end()) continue;
    fresh.checks[at] = changed(fresh.checks[at], [&](CheckSeries& series) {
      sre::carry_over(series, *before.checks[old->second]);
    });
  }
  for (const auto& [name, at] : fresh.target_index) {
    const auto old = before.target_index.find(name);
    if (old == before.target_index.end()) continue;
    fresh.targets[at] = changed(fresh.targets[at], [&](TargetSeries& series) {
      sre::carry_over(series, *before.targets[old->second]);
    });
  }
}

void Metrics::restore(const std::string& id, const Standing& standing) {
  state_.with([&](State& state) {
    const auto found = state.check_index.find(id);
    if (found == state.check_index.end()) return;
    auto& series = state.checks[found->second];
    if (series->runs > 0) return;
    series = changed(series, [&](CheckSeries& s) { s.standing = standing; });
  });
}

void Metrics::observe(const Run& run, const Standing& standing) {
  const auto id = run.check->id();
  state_.with([&](State& state) {
    const auto found = state.check_index.find(id);
    if (found == state.check_index.end()) return;
    auto& check = state.checks[found->second];
    check = changed(check, [&](CheckSeries& s) { count_run(s, run, standing, sets_); });
    auto& target = state.targets[state.target_index.at(run.check->target->name)];
    target = changed(target, [&](TargetSeries& s) { take_in(s, run, sets_); });
  });
}

void Metrics::set_interval(const std::string& id, Duration interval) {
  state_.with([&](State& state) {
    const auto found = state.check_index.find(id);
    if (found == state.check_index.end()) return;
    auto& series = state.checks[found->second];
    if (series->interval == interval) return;
    series = changed(series, [&](CheckSeries& s) { s.interval = interval; });
  });
}

std::string Metrics::expose() const {
  std::vector<CheckSeriesPtr> checks;
  std::vector<TargetSeriesPtr> targets;
  // Pointers only: a run that ends now waits for no more than their copy.
  state_.with([&](const State& state) {
    checks = state.checks;
    targets = state.targets;
  });
  const auto own = agent_.expose();
  TextWriter out(last_size_ + last_size_ / 16 + own.size());
  const ExpositionScope scope{.probe = false, .durations = durations_};
  write_checks(out, checks, scope);
  write_targets(out, targets, scope);
  auto text = out.take();
  last_size_ = text.size();
  text += own;
  return text;
}

std::string Metrics::expose_probe(const Run& run) const {
  TextWriter out;
  write_blackbox_families(out, run);
  const auto unlabelled = std::make_shared<const std::string>();
  auto check = new_series(*run.check, sets_);
  count_run(check, run, advance({}, run), sets_);
  check.labels = unlabelled;
  auto target = new_series(*run.check->target);
  take_in(target, run, sets_);
  target.labels = unlabelled;
  const ExpositionScope scope{.probe = true, .durations = false};
  const CheckSeriesPtr checks[] = {std::make_shared<const CheckSeries>(std::move(check))};
  const TargetSeriesPtr targets[] = {std::make_shared<const TargetSeries>(std::move(target))};
  write_checks(out, checks, scope);
  write_targets(out, targets, scope);
  return out.take();
}

}  // namespace sre
