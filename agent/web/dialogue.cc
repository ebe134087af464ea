#include "agent/web/dialogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "agent/base/text.h"
#include "agent/report/time_text.h"
#include "agent/web/describe.h"

namespace sre {
namespace {

// A page shows as much of a reply as a person reads; the counts say what is left out.
constexpr std::size_t kMaxLines = 64;
constexpr std::size_t kMaxLineBytes = 1000;

ViewList reply_lines(const Reply& reply, bool finished) {
  ViewList lines;
  const auto shown = std::min(reply.lines.size(), kMaxLines);
  for (std::size_t i = 0; i < shown; ++i) {
    const char separator = !finished || i + 1 < reply.lines.size() ? '-' : ' ';
    View line;
    line.set("text", fmt::format("{}{}{}", reply.code, separator,
                                 printable(reply.lines[i], kMaxLineBytes)));
    lines.push_back(std::move(line));
  }
  return lines;
}

// A part of the run as a bar below which the whole run is 1000 wide. Every step can be seen, also
// one that took no time to speak of.
void set_bar(View& view, Duration at, Duration took, Duration whole) {
  constexpr std::int64_t kWidth = 1000;
  constexpr std::int64_t kLeast = 4;
  const auto scaled = [&](Duration d) {
    if (whole <= Duration{}) return std::int64_t{0};
    return std::clamp(static_cast<std::int64_t>(d.count() * kWidth / whole.count()),
                      std::int64_t{0}, kWidth);
  };
  const auto start = std::min(scaled(at), kWidth - kLeast);
  const auto length = std::clamp(scaled(took), kLeast, kWidth - start);
  view.set("bar_start", fmt::to_string(start));
  view.set("bar_length", fmt::to_string(length));
}

View step_view(const Step& step, bool decided, Duration whole) {
  View view;
  set_bar(view, step.at, step.took, whole);
  view.set("phase", std::string(to_string(step.phase)));
  view.set("at", readable_duration(step.at));
  view.set("took", readable_duration(step.took));
  view.set("decided", decided);
  set_text(view, "command", step.command);
  const auto& shown = step.heard();
  view.set("lines", shown ? reply_lines(*shown, step.reply.has_value()) : ViewList{});
  const auto left_out =
      shown && shown->lines.size() > kMaxLines ? shown->lines.size() - kMaxLines : 0;
  set_text(view, "left_out", left_out > 0 ? fmt::to_string(left_out) : "");
  view.set("silent", !shown && has_reply(step.phase));
  return view;
}

// The last step of the phase that decided the run: where the eye should go.
std::size_t deciding_step(const Run& run) {
  const auto& steps = run.transcript.steps;
  for (std::size_t i = steps.size(); i > 0; --i) {
    if (steps[i - 1].phase == run.verdict.phase) return i - 1;
  }
  return steps.size();
}

// What ended the run early. Where no step tells of it already, it lasted from the end of the last
// one to the end of the run.
void set_fault(View& view, const Transcript& transcript) {
  const auto& fault = transcript.fault;
  set_text(view, "fault", fault ? fault->detail : "");
  set_text(view, "fault_phase", fault ? to_string(fault->phase) : "");
  const auto& steps = transcript.steps;
  const bool alone = fault && (steps.empty() || steps.back().phase != fault->phase);
  view.set("fault_alone", alone);
  if (!alone) return;
  const auto at = steps.empty() ? Duration{} : steps.back().at + steps.back().took;
  const auto took = std::max(transcript.duration - at, Duration{});
  view.set("fault_at", readable_duration(at));
  view.set("fault_took", readable_duration(took));
  set_bar(view, at, took, transcript.duration);
}

}  // namespace

View dialogue_view(const Run& run) {
  const Transcript& transcript = run.transcript;
  View view;
  ViewList steps;
  const auto deciding = deciding_step(run);
  for (std::size_t i = 0; i < transcript.steps.size(); ++i) {
    steps.push_back(step_view(transcript.steps[i], i == deciding, transcript.duration));
  }
  view.set("outcome", std::string(run.verdict.passed ? "good" : "bad"));
  view.set("steps", steps);
  view.set("has_steps", !steps.empty());
  view.set("duration", readable_duration(transcript.duration));
  set_text(view, "address", transcript.address);
  set_fault(view, transcript);
  return view;
}

View tls_view(const Transcript& transcript, WallTime now) {
  View view;
  view.set("has_tls", transcript.tls.has_value());
  if (!transcript.tls) return view;
  const TlsFacts& tls = *transcript.tls;
  set_text(view, "tls_version", tls.version);
  set_text(view, "cipher", tls.cipher);
  set_text(view, "problem", tls.problem ? to_string(*tls.problem) : "");
  set_text(view, "problem_detail", tls.problem ? tls.problem_detail : "");
  view.set("has_certificate", tls.certificate.has_value());
  if (!tls.certificate) return view;
  const Certificate& certificate = *tls.certificate;
  constexpr std::size_t kNameBytes = 256;
  set_text(view, "subject", printable(certificate.subject, kNameBytes));
  set_text(view, "issuer", printable(certificate.issuer, kNameBytes));
  set_text(view, "serial", printable(certificate.serial, kNameBytes));
  set_text(view, "fingerprint", printable(certificate.fingerprint_sha256, kNameBytes));
  set_time(view, "not_before", certificate.not_before, now);
  set_time(view, "not_after", certificate.not_after, now);
  set_time(view, "chain_not_after", tls.earliest_expiry, now);
  return view;
}

}  // namespace sre
