#include "agent/metrics/check_series.h"

#include <algorithm>
#include <string_view>

#include "agent/base/text.h"
#include "agent/metrics/text_writer.h"

namespace sre {
namespace {

std::size_t index(Phase phase) { return static_cast<std::size_t>(phase); }

std::uint64_t& reply_count(CheckSeries& series, std::string labels) {
  const auto found = std::find_if(series.replies.begin(), series.replies.end(),
                                  [&](const auto& reply) { return reply.labels == labels; });
  if (found != series.replies.end()) return found->count;
  return series.replies.emplace_back(CheckSeries::ReplyCount{std::move(labels), 0}).count;
}

std::uint64_t& reply_count(CheckSeries& series, Phase phase, std::string_view code) {
  auto labels = label("phase", to_string(phase));
  append_label(labels, "code", code);
  return reply_count(series, std::move(labels));
}

std::uint64_t& failure_count(CheckSeries& series, Reason reason) {
  const auto found = std::find_if(series.failures.begin(), series.failures.end(),
                                  [&](const auto& f) { return f.first == reason; });
  if (found != series.failures.end()) return found->second;
  return series.failures.emplace_back(reason, 0).second;
}

// Series that exist before the first reply, so that increase() sees the first one too: every code
// that the pattern names, and its class only where that comes first ("5xx", but not "535|5xx").
void expect_replies(CheckSeries& series, Phase phase, const ReplyPattern& pattern,
                    const LabelSets& sets) {
  std::string_view rest = pattern.text();
  for (bool first = true; !rest.empty(); first = false) {
    const auto bar = std::min(rest.find('|'), rest.size());
    const auto code = to_lower(trim(rest.substr(0, bar)).substr(0, 3));
    rest.remove_prefix(std::min(bar + 1, rest.size()));
    const bool is_class = code.ends_with("xx");
    if (is_class && first) reply_count(series, phase, code);
    if (!is_class && !code.empty()) reply_count(series, phase, sets.code(std::stoi(code)));
  }
}

std::string result_labels(const Verdict& verdict, const LabelSets& sets) {
  const bool coded = verdict.reply && verdict.reply->code != 0;
  auto labels = label("phase", to_string(verdict.phase));
  append_label(labels, "code", coded ? sets.code(verdict.reply->code) : "");
  append_label(labels, "enhanced_code",
               verdict.reply ? sets.enhanced_code(verdict.reply->enhanced) : "");
  append_label(labels, "reason", to_string(verdict.reason));
  return labels;
}

CheckSeries::LastRun last_run(const Run& run, const LabelSets& sets) {
  CheckSeries::LastRun last;
  last.reachable = run.transcript.reply(Phase::banner) != nullptr;
  for (const auto& step : run.transcript.steps) {
    auto& took = last.took[index(step.phase)];
    took = took.value_or(Duration::zero()) + step.took;
    if (step.reply && step.reply->code > 0) {
      last.codes[index(step.phase)] = static_cast<std::uint16_t>(step.reply->code);
    }
  }
  last.result = result_labels(run.verdict, sets);
  return last;
}

}  // namespace

CheckSeries new_series(const Check& check, const LabelSets& sets) {
  CheckSeries series;
  auto labels = label("target", check.target->name);
  append_label(labels, "check", check.name);
  series.labels = std::make_shared<const std::string>(std::move(labels));
  series.configured_interval = check.interval;
  series.interval = check.interval;
  for (const auto& [phase, pattern] : check.expect) {
    // Only what decides: a code that differs where the refusal may still come is no failure.
    if (!may_refuse_later(check, phase)) {
      series.expected[index(phase)] = static_cast<std::uint16_t>(pattern.first_code());
    }
    expect_replies(series, phase, pattern, sets);
  }
  return series;
}

void carry_over(CheckSeries& fresh, const CheckSeries& before) {
  if (fresh.configured_interval == before.configured_interval) fresh.interval = before.interval;
  // The new pattern's zeros stay beside the old counts: a counter that was seen never goes away.
  fresh.standing = before.standing;
  fresh.last = before.last;
  fresh.runs = before.runs;
  fresh.failures = before.failures;
  for (const auto& old : before.replies) {
    reply_count(fresh, old.labels) += old.count;
  }
  fresh.buckets = before.buckets;
  fresh.duration_sum = before.duration_sum;
}

void count_run(CheckSeries& series, const Run& run, const Standing& standing,
               const LabelSets& sets) {
  series.standing = standing;
  series.last = last_run(run, sets);
  ++series.runs;
  if (!run.verdict.passed) ++failure_count(series, run.verdict.reason);
  for (const auto& step : run.transcript.steps) {
    if (step.reply) ++reply_count(series, step.phase, sets.code(step.reply->code));
  }
  const double seconds = to_seconds(run.transcript.duration);
  const auto bucket = std::lower_bound(kDurationBuckets.begin(), kDurationBuckets.end(), seconds);
  ++series.buckets[static_cast<std::size_t>(bucket - kDurationBuckets.begin())];
  series.duration_sum += seconds;
}

}  // namespace sre
