#include "agent/web/describe.h"

#include <fmt/format.h>

#include "agent/check/host_port.h"
#include "agent/report/time_text.h"
#include "agent/web/url.h"

namespace sre {
namespace {

constexpr std::string_view kDash = "\u2013";

std::string sentence_of_failure(const Run& run) {
  const Verdict& verdict = run.verdict;
  const auto phase = to_string(verdict.phase);
  const auto expected = expected_text(run);
  if (!verdict.reply && expected == kDash) return fmt::format("The run ended at {}.", phase);
  if (is_faulty_reply(verdict)) {
    return fmt::format("The server answered {} at {} as expected, but its reply is faulty.",
                       got_text(run), phase);
  }
  const Step* step = run.transcript.last_step(verdict.phase);
  const bool began = step != nullptr && step->unfinished;
  const auto got = verdict.reply ? fmt::format("The server answered {} at {}", got_text(run), phase)
                                 : fmt::format("The run ended at {} without a {}reply", phase,
                                               began ? "complete " : "");
  return expected == kDash ? got + "." : fmt::format("{}; expected was {}.", got, expected);
}

}  // namespace

State state_of(const Standing& standing) {
  if (!standing.last_run) return State::unknown;
  return standing.passing ? State::passing : State::failing;
}

std::string state_text(State state) {
  if (state == State::unknown) return "not run yet";
  return state == State::passing ? "passing" : "failing";
}

std::string state_class(State state) {
  if (state == State::unknown) return "new";
  return state == State::passing ? "good" : "bad";
}

std::string check_path(const Check& check) {
  return fmt::format("/checks/{}/{}", percent_encode(check.target->name),
                     percent_encode(check.name));
}

std::string server_text(const Target& target) {
  if (target.host.empty())
    return fmt::format("mail exchangers of {}, port {}", target.mx, target.port);
  return host_port_text(target.host, target.port);
}

std::string expected_text(const Run& run) {
  if (!run.verdict.expected.empty()) return run.verdict.expected;
  const auto configured = run.check->expect.find(run.verdict.phase);
  if (configured == run.check->expect.end()) return std::string(kDash);
  return configured->second.text();
}

bool judges_reply(const Run& run) { return expected_text(run) != kDash; }

bool has_codes(const Run& run) { return run.verdict.reply || judges_reply(run); }

std::string got_text(const Run& run) {
  if (run.verdict.reply) return describe_code(*run.verdict.reply);
  return run.verdict.passed ? std::string(kDash) : "no reply";
}

std::string verdict_sentence(const Run& run) {
  const Verdict& verdict = run.verdict;
  if (!verdict.passed) return sentence_of_failure(run);
  if (!verdict.reply) return fmt::format("All is well at {}.", to_string(verdict.phase));
  return fmt::format("The server answered {} at {}, as expected.", got_text(run),
                     to_string(verdict.phase));
}

std::string told_text(const CheckView& view) {
  auto text = fmt::format("{} / {}: {}", view.check->target->name, view.check->name,
                          state_text(state_of(view.standing)));
  if (view.latest == nullptr || view.standing.passing) return text;
  const Run& run = *view.latest;
  if (has_codes(run)) text += fmt::format(", got {}", got_text(run));
  if (judges_reply(run)) text += fmt::format(", expected {}", expected_text(run));
  return text + fmt::format(" at {}", to_string(run.verdict.phase));
}

void set_time(View& view, const std::string& name, const std::optional<WallTime>& time,
              WallTime now) {
  set_text(view, name, time ? readable_time(*time) : "");
  set_text(view, name + "_machine", time ? rfc3339(*time) : "");
  set_text(view, name + "_ago", time ? distance(*time, now) : "");
}

}  // namespace sre
