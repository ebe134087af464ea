#include "agent/metrics/catalogue.h"

#include <array>

namespace sre {
namespace {

using enum MetricType;

constexpr auto kCheck = MetricScope::check;
constexpr auto kTarget = MetricScope::target;
constexpr auto kAgent = MetricScope::agent;
constexpr auto kProbe = MetricScope::probe;

// clang-format off
constexpr std::array kCatalogue = {
    MetricFamily{Metric::check_success, "smtp_check_success", gauge, kCheck, "",
     "1 if the last run of the check passed, 0 if it failed.", "", true},
    MetricFamily{Metric::check_reachable, "smtp_check_reachable", gauge, kCheck, "",
     "1 if the server sent a banner in the last run, whatever it said; 0 if none came.", "", true},
    MetricFamily{Metric::check_reply_code, "smtp_check_reply_code", gauge, kCheck, "phase",
     "Last reply code of each phase of the last run; absent where no reply came.", "", true},
    MetricFamily{Metric::check_expected_reply_code, "smtp_check_expected_reply_code", gauge, kCheck, "phase",
     "Reply code expected in each phase, the first where several are; a class counts as its hundred (5xx is 500).", "", true},
    MetricFamily{Metric::check_result_info, "smtp_check_result_info", gauge, kCheck, "phase, code, enhanced_code, reason",
     "The reply that decided the last run; always 1, one series per check.", "", true},
    MetricFamily{Metric::check_runs_total, "smtp_check_runs_total", counter, kCheck, "",
     "Finished runs of the check.", "", false},
    MetricFamily{Metric::check_failures_total, "smtp_check_failures_total", counter, kCheck, "reason",
     "Failed runs of the check by reason.", "", false},
    MetricFamily{Metric::check_replies_total, "smtp_check_replies_total", counter, kCheck, "phase, code",
     "Replies received, by phase and code; expected codes are there from the start.", "", false},
    MetricFamily{Metric::check_phase_duration_seconds, "smtp_check_phase_duration_seconds", gauge, kCheck, "phase",
     "Time that each phase of the last run took.", "seconds", true},
    MetricFamily{Metric::check_duration_seconds, "smtp_check_duration_seconds", histogram, kCheck, "le",
     "Time that whole runs took.", "seconds", false},
    MetricFamily{Metric::check_last_run_timestamp_seconds, "smtp_check_last_run_timestamp_seconds", gauge, kCheck, "",
     "When the last run ended, in seconds since 1970.", "seconds", false},
    MetricFamily{Metric::check_last_success_timestamp_seconds, "smtp_check_last_success_timestamp_seconds", gauge, kCheck, "",
     "When the last run that passed ended, in seconds since 1970.", "seconds", false},
    MetricFamily{Metric::check_last_change_timestamp_seconds, "smtp_check_last_change_timestamp_seconds", gauge, kCheck, "",
     "When the check last went from pass to fail or back, in seconds since 1970.", "seconds", false},
    MetricFamily{Metric::check_consecutive_failures, "smtp_check_consecutive_failures", gauge, kCheck, "",
     "Failed runs since the last one that passed.", "", false},
    MetricFamily{Metric::check_interval_seconds, "smtp_check_interval_seconds", gauge, kCheck, "",
     "Time between two runs now, back-off included.", "seconds", false},
    MetricFamily{Metric::check_regression, "smtp_check_regression", gauge, kCheck, "",
     "1 while the check fails although it passed before.", "", false},

    MetricFamily{Metric::tls_info, "smtp_tls_info", gauge, kTarget, "version, cipher",
     "TLS version and cipher suite agreed on; always 1.", "", true},
    MetricFamily{Metric::tls_certificate_not_after_timestamp_seconds, "smtp_tls_certificate_not_after_timestamp_seconds", gauge, kTarget, "",
     "When the server's certificate ends, in seconds since 1970; also of one that is not trusted.", "seconds", true},
    MetricFamily{Metric::tls_certificate_not_before_timestamp_seconds, "smtp_tls_certificate_not_before_timestamp_seconds", gauge, kTarget, "",
     "When the server's certificate begins, in seconds since 1970; also of one that is not trusted.", "seconds", true},
    MetricFamily{Metric::tls_certificate_verified, "smtp_tls_certificate_verified", gauge, kTarget, "",
     "1 if chain, dates and name of the certificate are good, 0 if a client would turn it down.", "", true},
    MetricFamily{Metric::tls_certificate_info, "smtp_tls_certificate_info", gauge, kTarget, "subject, issuer, serial, fingerprint_sha256",
     "The certificate that the server showed; always 1.", "", true},
    MetricFamily{Metric::ehlo_extension, "smtp_ehlo_extension", gauge, kTarget, "extension, tls",
     "Extensions offered in the answer to EHLO, before and after TLS; always 1.", "", true},
    MetricFamily{Metric::auth_mechanism_offered, "smtp_auth_mechanism_offered", gauge, kTarget, "mechanism, tls",
     "SASL mechanisms offered in the answer to EHLO, before and after TLS; always 1.", "", true},
    MetricFamily{Metric::ehlo_size_limit_bytes, "smtp_ehlo_size_limit_bytes", gauge, kTarget, "",
     "Largest message that the server says it takes (SIZE); 0 says no fixed limit, absent says nothing.", "bytes", true},
    MetricFamily{Metric::target_info, "smtp_target_info", gauge, kTarget, "host, port, tls",
     "Where the target is and the labels configured for it; always 1.", "", true},

    MetricFamily{Metric::build_info, "smtp_reply_exporter_build_info", gauge, kAgent, "version, libcurl, openssl",
     "Version of the agent and of the libraries it runs with; always 1.", "", false},
    MetricFamily{Metric::config_last_reload_successful, "smtp_reply_exporter_config_last_reload_successful", gauge, kAgent, "",
     "1 if the configuration was good when it was last read, 0 if the one before is still in force.", "", false},
    MetricFamily{Metric::config_last_reload_success_timestamp_seconds, "smtp_reply_exporter_config_last_reload_success_timestamp_seconds", gauge, kAgent, "",
     "When the configuration in force was read, in seconds since 1970.", "seconds", false},
    MetricFamily{Metric::state_file_usable, "smtp_reply_exporter_state_file_usable", gauge, kAgent, "",
     "1 if the state file could be used at the last try, 0 if checks are remembered in memory only.", "", false},
    MetricFamily{Metric::checks_in_flight, "smtp_reply_exporter_checks_in_flight", gauge, kAgent, "",
     "Runs under way now.", "", false},
    MetricFamily{Metric::check_start_delay_seconds, "smtp_reply_exporter_check_start_delay_seconds", histogram, kAgent, "le",
     "How much later than planned runs started.", "seconds", false},
    MetricFamily{Metric::checks_skipped_total, "smtp_reply_exporter_checks_skipped_total", counter, kAgent, "cause",
     "Runs that were due and did not start, by cause.", "", false},
    MetricFamily{Metric::process_cpu_seconds_total, "process_cpu_seconds_total", counter, kAgent, "",
     "User and system CPU time spent.", "seconds", false},
    MetricFamily{Metric::process_resident_memory_bytes, "process_resident_memory_bytes", gauge, kAgent, "",
     "Resident memory.", "bytes", false},
    MetricFamily{Metric::process_virtual_memory_bytes, "process_virtual_memory_bytes", gauge, kAgent, "",
     "Virtual memory.", "bytes", false},
    MetricFamily{Metric::process_open_fds, "process_open_fds", gauge, kAgent, "",
     "Open file descriptors.", "", false},
    MetricFamily{Metric::process_max_fds, "process_max_fds", gauge, kAgent, "",
     "Largest number of open file descriptors allowed.", "", false},
    MetricFamily{Metric::process_start_time_seconds, "process_start_time_seconds", gauge, kAgent, "",
     "When the process started, in seconds since 1970.", "seconds", false},

    MetricFamily{Metric::probe_success, "probe_success", gauge, kProbe, "",
     "1 if the probe passed, 0 if it failed.", "", true},
    MetricFamily{Metric::probe_duration_seconds, "probe_duration_seconds", gauge, kProbe, "",
     "Time that the whole probe took.", "seconds", true},
    MetricFamily{Metric::probe_dns_lookup_time_seconds, "probe_dns_lookup_time_seconds", gauge, kProbe, "",
     "Time that the name took to resolve, 0 where there was nothing to resolve.", "seconds", true},
    MetricFamily{Metric::probe_ip_protocol, "probe_ip_protocol", gauge, kProbe, "",
     "4 or 6, the version of IP used; 0 when no address was found.", "", true},
    MetricFamily{Metric::probe_ssl_earliest_cert_expiry, "probe_ssl_earliest_cert_expiry", gauge, kProbe, "",
     "When the first certificate of the chain ends, in seconds since 1970.", "seconds", true},
    MetricFamily{Metric::probe_tls_version_info, "probe_tls_version_info", gauge, kProbe, "version",
     "TLS version agreed on; always 1.", "", true},
};
// clang-format on

constexpr bool in_order() {
  for (std::size_t i = 0; i < kCatalogue.size(); ++i) {
    if (static_cast<std::size_t>(kCatalogue[i].id) != i) return false;
  }
  return static_cast<std::size_t>(Metric::probe_tls_version_info) + 1 == kCatalogue.size();
}
static_assert(in_order(), "the table must list every Metric once, in the order of the enumeration");

}  // namespace

std::string_view to_string(MetricType type) {
  switch (type) {
    case gauge:
      return "gauge";
    case counter:
      return "counter";
    case histogram:
      return "histogram";
  }
  return "untyped";
}

std::string_view scope_labels(MetricScope scope) {
  switch (scope) {
    case kCheck:
      return "target, check";
    case kTarget:
      return "target";
    case kAgent:
    case kProbe:
      break;
  }
  return "";
}

std::span<const MetricFamily> catalogue() { return kCatalogue; }

const MetricFamily& family(Metric metric) { return kCatalogue[static_cast<std::size_t>(metric)]; }

}  // namespace sre
