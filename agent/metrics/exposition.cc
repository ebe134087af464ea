#include "agent/metrics/exposition.h"

#include <array>
#include <charconv>
#include <string>

namespace sre {
namespace {

constexpr std::string_view kNone;

const std::string& phase_label(Phase phase) {
  static const auto labels = [] {
    std::array<std::string, kPhases.size()> made;
    for (const auto each : kPhases) {
      made[static_cast<std::size_t>(each)] = label("phase", to_string(each));
    }
    return made;
  }();
  return labels[static_cast<std::size_t>(phase)];
}

const std::string& reason_label(Reason reason) {
  static const auto labels = [] {
    std::array<std::string, kReasonCount> made;
    for (std::size_t i = 0; i < made.size(); ++i) {
      made[i] = label("reason", to_string(static_cast<Reason>(i)));
    }
    return made;
  }();
  return labels[static_cast<std::size_t>(reason)];
}

const auto& bucket_labels() {
  static const auto labels = [] {
    std::array<std::string, kDurationBuckets.size() + 1> made;
    for (std::size_t i = 0; i < kDurationBuckets.size(); ++i) {
      std::array<char, 16> digits;
      const auto end =
          std::to_chars(digits.data(), digits.data() + digits.size(), kDurationBuckets[i]).ptr;
      made[i] = label("le", std::string_view(digits.data(), end));
    }
    made.back() = label("le", "+Inf");
    return made;
  }();
  return labels;
}

double flag(bool value) { return value ? 1.0 : 0.0; }

void write_duration_histogram(TextWriter& out, const CheckSeries& check, std::string_view labels) {
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < check.buckets.size(); ++i) {
    total += check.buckets[i];
    out.series("_bucket", labels, bucket_labels()[i], total);
  }
  out.series("_sum", labels, kNone, check.duration_sum);
  out.series("_count", labels, kNone, total);
}

// Where the families of all checks, or of all targets, are written to.
template <class All>
struct Page {
  TextWriter& out;
  const All& all;
  ExpositionScope scope;

  // Calls `write(series, labels)` for each of them.
  template <class Write>
  void family(Metric metric, Write&& write) const {
    const auto& entry = sre::family(metric);
    if (scope.probe && !entry.in_probe) return;
    out.begin(entry);
    for (const auto& series : all) write(*series, std::string_view(*series->labels));
  }
};

using Checks = Page<std::span<const CheckSeriesPtr>>;
using Targets = Page<std::span<const TargetSeriesPtr>>;

void write_last_run(const Checks& page) {
  auto& out = page.out;
  page.family(Metric::check_success, [&](const CheckSeries& check, std::string_view labels) {
    if (check.standing.last_run) out.series(labels, kNone, flag(check.standing.passing));
  });
  page.family(Metric::check_reachable, [&](const CheckSeries& check, std::string_view labels) {
    if (check.last) out.series(labels, kNone, flag(check.last->reachable));
  });
  page.family(Metric::check_reply_code, [&](const CheckSeries& check, std::string_view labels) {
    for (const auto phase : kPhases) {
      const auto code = check.last ? check.last->codes[static_cast<std::size_t>(phase)] : 0;
      if (code != 0) out.series(labels, phase_label(phase), static_cast<double>(code));
    }
  });
  page.family(Metric::check_expected_reply_code,
              [&](const CheckSeries& check, std::string_view labels) {
                for (const auto phase : kPhases) {
                  const auto code = check.expected[static_cast<std::size_t>(phase)];
                  if (code != 0) out.series(labels, phase_label(phase), static_cast<double>(code));
                }
              });
  page.family(Metric::check_result_info, [&](const CheckSeries& check, std::string_view labels) {
    if (check.last) out.series(labels, check.last->result, 1.0);
  });
}

void write_counters(const Checks& page) {
  auto& out = page.out;
  page.family(Metric::check_runs_total, [&](const CheckSeries& check, std::string_view labels) {
    out.series(labels, kNone, check.runs);
  });
  page.family(Metric::check_failures_total, [&](const CheckSeries& check, std::string_view labels) {
    for (const auto& [reason, count] : check.failures) {
      out.series(labels, reason_label(reason), count);
    }
  });
  page.family(Metric::check_replies_total, [&](const CheckSeries& check, std::string_view labels) {
    for (const auto& reply : check.replies) out.series(labels, reply.labels, reply.count);
  });
}

void write_durations(const Checks& page) {
  auto& out = page.out;
  page.family(Metric::check_phase_duration_seconds,
              [&](const CheckSeries& check, std::string_view labels) {
                if (!check.last) return;
                for (const auto phase : kPhases) {
                  const auto took = check.last->took[static_cast<std::size_t>(phase)];
                  if (took) out.series(labels, phase_label(phase), to_seconds(*took));
                }
              });
  if (!page.scope.durations) return;
  page.family(Metric::check_duration_seconds,
              [&](const CheckSeries& check, std::string_view labels) {
                write_duration_histogram(out, check, labels);
              });
}

void write_standing(const Checks& page) {
  auto& out = page.out;
  const auto timestamp = [&](Metric metric, std::optional<WallTime> Standing::*member) {
    page.family(metric, [&](const CheckSeries& check, std::string_view labels) {
      const auto time = check.standing.*member;
      if (time) out.series(labels, kNone, to_unix_seconds(*time));
    });
  };
  timestamp(Metric::check_last_run_timestamp_seconds, &Standing::last_run);
  timestamp(Metric::check_last_success_timestamp_seconds, &Standing::last_success);
  timestamp(Metric::check_last_change_timestamp_seconds, &Standing::last_change);
  page.family(Metric::check_consecutive_failures,
              [&](const CheckSeries& check, std::string_view labels) {
                out.series(labels, kNone, std::uint64_t{check.standing.consecutive_failures});
              });
  page.family(Metric::check_interval_seconds,
              [&](const CheckSeries& check, std::string_view labels) {
                out.series(labels, kNone, to_seconds(check.interval));
              });
  page.family(Metric::check_regression, [&](const CheckSeries& check, std::string_view labels) {
    out.series(labels, kNone, flag(check.standing.regression()));
  });
}

void write_tls(const Targets& page) {
  auto& out = page.out;
  page.family(Metric::tls_info, [&](const TargetSeries& target, std::string_view labels) {
    if (target.tls) out.series(labels, target.tls->connection, 1.0);
  });
  // The families of a certificate: `value` of each that was seen.
  const auto certificate = [&](Metric metric, auto value) {
    page.family(metric, [&](const TargetSeries& target, std::string_view labels) {
      if (!target.tls || target.tls->certificate.empty()) return;
      out.series(labels, kNone, value(*target.tls));
    });
  };
  certificate(Metric::tls_certificate_not_after_timestamp_seconds,
              [](const TargetSeries::Tls& tls) { return to_unix_seconds(tls.not_after); });
  certificate(Metric::tls_certificate_not_before_timestamp_seconds,
              [](const TargetSeries::Tls& tls) { return to_unix_seconds(tls.not_before); });
  certificate(Metric::tls_certificate_verified,
              [](const TargetSeries::Tls& tls) { return flag(tls.verified); });
  page.family(Metric::tls_certificate_info,
              [&](const TargetSeries& target, std::string_view labels) {
                if (!target.tls || target.tls->certificate.empty()) return;
                out.series(labels, target.tls->certificate, 1.0);
              });
}

void write_offers(const Targets& page) {
  auto& out = page.out;
  const auto words = [&](Metric metric, std::vector<std::string> TargetSeries::Offer::*member) {
    page.family(metric, [&](const TargetSeries& target, std::string_view labels) {
      for (const auto& offer : {target.before_tls, target.after_tls}) {
        if (!offer) continue;
        for (const auto& word : (*offer).*member) out.series(labels, word, 1.0);
      }
    });
  };
  words(Metric::ehlo_extension, &TargetSeries::Offer::extensions);
  words(Metric::auth_mechanism_offered, &TargetSeries::Offer::mechanisms);
  page.family(Metric::ehlo_size_limit_bytes,
              [&](const TargetSeries& target, std::string_view labels) {
                const auto& offer = target.after_tls ? target.after_tls : target.before_tls;
                if (offer && offer->size_limit) out.series(labels, kNone, *offer->size_limit);
              });
}

}  // namespace

void write_checks(TextWriter& out, std::span<const CheckSeriesPtr> checks, ExpositionScope scope) {
  const Checks page{out, checks, scope};
  write_last_run(page);
  write_counters(page);
  write_durations(page);
  write_standing(page);
}

void write_targets(TextWriter& out, std::span<const TargetSeriesPtr> targets,
                   ExpositionScope scope) {
  const Targets page{out, targets, scope};
  write_tls(page);
  write_offers(page);
  page.family(Metric::target_info, [&](const TargetSeries& target, std::string_view labels) {
    out.series(labels, target.info, 1.0);
  });
}

}  // namespace sre
