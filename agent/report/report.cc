#include "agent/report/report.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "agent/base/text.h"
#include "agent/report/time_text.h"

namespace sre {
namespace {

// Microseconds are all that a measurement over a network can mean.
double rounded_seconds(Duration d) { return std::round(to_seconds(d) * 1e6) / 1e6; }

Json text_or_null(std::string_view text) {
  return text.empty() ? Json(nullptr) : Json(printable(text));
}

Json time_or_null(const std::optional<WallTime>& time) {
  return time ? Json(rfc3339(*time)) : Json(nullptr);
}

// A reply without a code (made from free text) has none to tell.
Json code_or_null(const Reply* reply) {
  return reply != nullptr && reply->code != 0 ? Json(reply->code) : Json(nullptr);
}

Json enhanced_or_null(const Reply* reply) {
  return reply != nullptr && reply->enhanced ? Json(to_string(*reply->enhanced)) : Json(nullptr);
}

Json phases_json(const Transcript& transcript) {
  std::vector<Phase> entered;
  for (const auto& step : transcript.steps) {
    if (std::find(entered.begin(), entered.end(), step.phase) == entered.end()) {
      entered.push_back(step.phase);
    }
  }
  Json phases = Json::array();
  for (const Phase phase : entered) {
    const Reply* reply = transcript.reply(phase);
    const auto& unfinished = transcript.last_step(phase)->unfinished;
    const Reply* shown = reply == nullptr && unfinished ? &*unfinished : reply;
    Json lines = Json::array();
    if (shown != nullptr) {
      for (const auto& line : shown->lines) lines.push_back(printable(line));
    }
    phases.push_back(
        {{"phase", to_string(phase)},
         {"code", code_or_null(reply)},
         {"enhanced_code", enhanced_or_null(reply)},
         {"lines", std::move(lines)},
         {"seconds", rounded_seconds(transcript.duration_of(phase).value_or(Duration::zero()))}});
  }
  return phases;
}

Json certificate_json(const Transcript& transcript) {
  if (!transcript.tls || !transcript.tls->certificate) return nullptr;
  const TlsFacts& tls = *transcript.tls;
  const Certificate& certificate = *tls.certificate;
  return {{"subject", text_or_null(certificate.subject)},
          {"issuer", text_or_null(certificate.issuer)},
          {"serial", text_or_null(certificate.serial)},
          {"fingerprint_sha256", text_or_null(certificate.fingerprint_sha256)},
          {"not_before", rfc3339(certificate.not_before)},
          {"not_after", rfc3339(certificate.not_after)},
          {"chain_not_after", time_or_null(tls.earliest_expiry)},
          {"verified", !tls.problem.has_value()},
          {"problem", tls.problem ? Json(to_string(*tls.problem)) : Json(nullptr)},
          {"problem_detail", text_or_null(tls.problem_detail)},
          {"tls_version", text_or_null(tls.version)},
          {"cipher", text_or_null(tls.cipher)}};
}

}  // namespace

Json run_json(const Run& run) {
  const Verdict& verdict = run.verdict;
  const Reply* reply = verdict.reply ? &*verdict.reply : nullptr;
  return {{"target", printable(run.check->target->name)},
          {"check", printable(run.check->name)},
          {"kind", to_string(run.check->kind)},
          {"passed", verdict.passed},
          {"phase", to_string(verdict.phase)},
          {"code", code_or_null(reply)},
          {"enhanced_code", enhanced_or_null(reply)},
          {"expected", text_or_null(verdict.expected)},
          {"reason", to_string(verdict.reason)},
          {"rule", text_or_null(verdict.rule)},
          {"duration_seconds", rounded_seconds(run.transcript.duration)},
          {"phases", phases_json(run.transcript)},
          {"certificate", certificate_json(run.transcript)}};
}

Json check_json(const Check& check, const Standing& standing, const Run* latest) {
  const bool known = standing.last_run.has_value();
  const Verdict* verdict = latest != nullptr ? &latest->verdict : nullptr;
  const Reply* reply = verdict != nullptr && verdict->reply ? &*verdict->reply : nullptr;
  // After a restart the standing tells the code before any run does.
  const Json code = reply == nullptr && verdict == nullptr && standing.code != 0
                        ? Json(standing.code)
                        : code_or_null(reply);
  return {{"target", printable(check.target->name)},
          {"check", printable(check.name)},
          {"kind", to_string(check.kind)},
          {"passed", known ? Json(standing.passing) : Json(nullptr)},
          {"since", time_or_null(standing.last_change)},
          {"phase", verdict != nullptr ? Json(to_string(verdict->phase)) : Json(nullptr)},
          {"expected", verdict != nullptr ? text_or_null(verdict->expected) : Json(nullptr)},
          {"code", code},
          {"enhanced_code", enhanced_or_null(reply)},
          {"reason", known ? Json(to_string(standing.reason)) : Json(nullptr)},
          {"regression", standing.regression()},
          {"consecutive_failures", standing.consecutive_failures},
          {"last_run", time_or_null(standing.last_run)},
          {"last_success", time_or_null(standing.last_success)},
          {"duration_seconds",
           latest != nullptr ? Json(rounded_seconds(latest->transcript.duration)) : Json(nullptr)},
          {"interval_seconds", rounded_seconds(check.interval)}};
}

std::string to_text(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sre
