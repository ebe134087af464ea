#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace sre {

enum class MetricType : std::uint8_t { gauge, counter, histogram };
std::string_view to_string(MetricType type);

// What a family speaks of, and so which labels each of its series begins with.
enum class MetricScope : std::uint8_t {
  check,   // target, check
  target,  // target
  agent,   // none
  probe,   // none; only in the answer to /probe
};
// "target, check", "target" or "".
std::string_view scope_labels(MetricScope scope);

// Every family that the program exports, in the order of the exposition.
enum class Metric : std::uint8_t {
  check_success,
  check_reachable,
  check_reply_code,
  check_expected_reply_code,
  check_result_info,
  check_runs_total,
  check_failures_total,
  check_replies_total,
  check_phase_duration_seconds,
  check_duration_seconds,
  check_last_run_timestamp_seconds,
  check_last_success_timestamp_seconds,
  check_last_change_timestamp_seconds,
  check_consecutive_failures,
  check_interval_seconds,
  check_regression,
  tls_info,
  tls_certificate_not_after_timestamp_seconds,
  tls_certificate_not_before_timestamp_seconds,
  tls_certificate_verified,
  tls_certificate_info,
  ehlo_extension,
  auth_mechanism_offered,
  ehlo_size_limit_bytes,
  target_info,
  build_info,
  config_last_reload_successful,
  config_last_reload_success_timestamp_seconds,
  state_file_usable,
  checks_in_flight,
  check_start_delay_seconds,
  checks_skipped_total,
  process_cpu_seconds_total,
  process_resident_memory_bytes,
  process_virtual_memory_bytes,
  process_open_fds,
  process_max_fds,
  process_start_time_seconds,
  probe_success,
  probe_duration_seconds,
  probe_dns_lookup_time_seconds,
  probe_ip_protocol,
  probe_ssl_earliest_cert_expiry,
  probe_tls_version_info,
};

// One family of series.
struct MetricFamily {
  Metric id;
  std::string_view name;
  MetricType type;
  MetricScope scope;
  std::string_view labels;  // beside the scope's: "phase, code"
  std::string_view help;
  std::string_view unit;  // "seconds", "bytes"; empty for numbers, codes and flags
  bool in_probe;          // also in the answer to /probe, there without the scope's labels
};

// All of them; the only place where names, types, labels and help texts are written down.
std::span<const MetricFamily> catalogue();
const MetricFamily& family(Metric metric);

}  // namespace sre
