#include "agent/report/run_view.h"

#include <fmt/format.h>

#include "agent/base/text.h"
#include "agent/check/host_port.h"
#include "agent/knowledge/facts.h"

namespace sre {
namespace {

constexpr std::size_t kMaxLineBytes = 1000;

double milliseconds(Duration d) { return to_seconds(d) * 1000; }

}  // namespace

std::string RunView::paint(Tone tone, std::string_view text) const {
  if (!color_) return std::string(text);
  switch (tone) {
    case Tone::good:
      return fmt::format("\x1b[32m{}\x1b[0m", text);
    case Tone::bad:
      return fmt::format("\x1b[31m{}\x1b[0m", text);
    case Tone::faint:
      return fmt::format("\x1b[2m{}\x1b[0m", text);
    case Tone::strong:
      return fmt::format("\x1b[1m{}\x1b[0m", text);
  }
  return std::string(text);
}

RunView::Tone RunView::tone_of(const Reply& reply) const {
  return reply.positive() ? Tone::good : Tone::bad;
}

std::string RunView::heading(const Check& check) const {
  const Target& target = *check.target;
  const auto where = target.mx.empty() ? host_port_text(target.host, target.port)
                                       : fmt::format("MX of {}:{}", target.mx, target.port);
  return fmt::format("{}  {} {} tls={}\n", paint(Tone::strong, check.id()),
                     paint(Tone::faint, traits(check.kind).question), where, to_string(target.tls));
}

std::string RunView::begun(const Step& step) const {
  if (!has_reply(step.phase) || step.command.empty()) return {};
  return fmt::format("  {:>12}  {:<9} {}\n", "", to_string(step.phase),
                     paint(Tone::faint, "> " + printable(step.command, kMaxLineBytes)));
}

std::string RunView::ended(const Step& step) const {
  const auto time = fmt::format("{:.1f} ms", milliseconds(step.took));
  if (!has_reply(step.phase)) {
    return fmt::format("  {:>12}  {:<9} {}\n", time, to_string(step.phase),
                       printable(step.command, kMaxLineBytes));
  }
  // The command's line has named the phase already.
  const auto name = step.command.empty() ? to_string(step.phase) : std::string_view{};
  if (!step.heard()) {
    return fmt::format("  {:>12}  {:<9} {}\n", time, name,
                       paint(Tone::bad, knowledge_.word("no_reply", language_)));
  }
  std::string text;
  const Reply& reply = *step.heard();
  for (std::size_t i = 0; i < reply.lines.size(); ++i) {
    const bool last = step.reply && i + 1 == reply.lines.size();
    const auto line = fmt::format("{:03}{}{}", reply.code, last ? ' ' : '-',
                                  printable(reply.lines[i], kMaxLineBytes));
    text += fmt::format("  {:>12}  {:<9} {}\n", last ? time : "", i == 0 ? name : "",
                        paint(tone_of(reply), line));
  }
  if (!step.reply) {
    text += fmt::format("  {:>12}  {:<9} {}\n", time, "",
                        paint(Tone::bad, knowledge_.word("unfinished_reply", language_)));
  }
  return text;
}

std::string RunView::got(const Run& run) const {
  if (run.verdict.reply) return describe_code(*run.verdict.reply);
  const Step* step = run.transcript.last_step(run.verdict.phase);
  const bool began = step != nullptr && step->unfinished;
  return std::string(knowledge_.word(began ? "unfinished_reply" : "no_reply", language_));
}

std::string RunView::verdict(const Run& run) const {
  const Verdict& verdict = run.verdict;
  const auto* sentence = verdict.passed             ? "verdict_passed"
                         : is_faulty_reply(verdict) ? "verdict_faulty_reply"
                         : verdict.expected.empty() ? "verdict_failed_alone"
                                                    : "verdict_failed";
  auto text = fmt::format("  {}\n", paint(verdict.passed ? Tone::good : Tone::bad,
                                          filled_in(knowledge_, sentence, language_,
                                                    {{"phase", to_string(verdict.phase)},
                                                     {"expected", verdict.expected},
                                                     {"got", got(run)}})));
  if (verdict.passed) return text;
  const auto& words = knowledge_.reason_texts(verdict.reason, language_);
  text += fmt::format("  {}: {}\n", paint(Tone::strong, to_string(verdict.reason)), words.meaning);
  if (!verdict.detail.empty()) text += fmt::format("  ({})\n", verdict.detail);
  text += fmt::format("  {} {}\n", paint(Tone::strong, "->"), words.fix);
  return text;
}

std::string RunView::whole(const Run& run) const {
  std::string text = heading(*run.check);
  for (const auto& step : run.transcript.steps) text += begun(step) + ended(step);
  return text + verdict(run);
}

}  // namespace sre
