#include "agent/record/kept_run.h"

#include <algorithm>
#include <string>
#include <utility>

namespace sre {
namespace {

// A long real EHLO answer has some 20 lines and below 1 KiB; a whole dialogue a few KiB.
constexpr std::size_t kOrdinaryRun = std::size_t{16} * 1024;
constexpr std::size_t kReplyBytes = 1024;
constexpr std::size_t kSteps = 32;
constexpr std::size_t kExtensions = 64;
constexpr std::size_t kWordBytes = 256;

std::size_t text_size(const Reply& reply) {
  std::size_t bytes = 0;
  for (const auto& line : reply.lines) bytes += sizeof(line) + line.size();
  return bytes;
}

std::size_t text_size(const Ehlo& ehlo) {
  std::size_t bytes = ehlo.greeting.size();
  for (const auto& extension : ehlo.extensions) {
    bytes += sizeof(extension) + extension.keyword.size() + extension.parameters.size();
  }
  for (const auto& mechanism : ehlo.auth_mechanisms) bytes += sizeof(mechanism) + mechanism.size();
  return bytes;
}

void cut(std::string& text, std::size_t limit) {
  if (text.size() <= limit) return;
  text.resize(limit);
  text += " [cut]";
  text.shrink_to_fit();
}

void cut(Reply& reply) {
  std::size_t left = kReplyBytes;
  std::size_t kept = 0;
  while (kept < reply.lines.size() && left > 0) {
    auto& line = reply.lines[kept++];
    cut(line, left);
    left -= std::min(left, sizeof(line) + line.size());
  }
  if (kept == reply.lines.size()) return;
  reply.lines.resize(kept);
  reply.lines.emplace_back("[cut]");
}

void cut(Ehlo& ehlo) {
  cut(ehlo.greeting, kWordBytes);
  if (ehlo.extensions.size() > kExtensions) ehlo.extensions.resize(kExtensions);
  for (auto& extension : ehlo.extensions) {
    cut(extension.keyword, kWordBytes);
    cut(extension.parameters, kWordBytes);
  }
  if (ehlo.auth_mechanisms.size() > kExtensions) ehlo.auth_mechanisms.resize(kExtensions);
  for (auto& mechanism : ehlo.auth_mechanisms) cut(mechanism, kWordBytes);
}

void cut(TlsFacts& tls) {
  cut(tls.problem_detail, kWordBytes);
  if (!tls.certificate) return;
  for (auto* name : {&tls.certificate->subject, &tls.certificate->issuer}) cut(*name, kReplyBytes);
}

}  // namespace

std::size_t text_size(const Run& run) {
  const auto& seen = run.transcript;
  std::size_t bytes = sizeof(Run) + seen.steps.size() * sizeof(Step);
  for (const auto& step : seen.steps) {
    bytes += step.command.size() + (step.reply ? text_size(*step.reply) : 0);
    if (step.unfinished) bytes += text_size(*step.unfinished);
  }
  if (seen.ehlo_before_tls) bytes += text_size(*seen.ehlo_before_tls);
  if (seen.ehlo_after_tls) bytes += text_size(*seen.ehlo_after_tls);
  if (seen.tls && seen.tls->certificate) {
    bytes += seen.tls->certificate->subject.size() + seen.tls->certificate->issuer.size();
  }
  if (seen.fault) bytes += seen.fault->detail.size();
  if (run.verdict.reply) bytes += text_size(*run.verdict.reply);
  return bytes + run.verdict.detail.size();
}

RunPtr fit_to_keep(RunPtr run) {
  if (text_size(*run) <= kOrdinaryRun) return run;
  auto shorter = std::make_shared<Run>(*run);
  auto& seen = shorter->transcript;
  // The first steps say how it began; what an endless exchange repeats is left out.
  if (seen.steps.size() > kSteps) seen.steps.resize(kSteps);
  for (auto& step : seen.steps) {
    cut(step.command, kReplyBytes);
    if (step.reply) cut(*step.reply);
    if (step.unfinished) cut(*step.unfinished);
  }
  if (seen.ehlo_before_tls) cut(*seen.ehlo_before_tls);
  if (seen.ehlo_after_tls) cut(*seen.ehlo_after_tls);
  if (seen.tls) cut(*seen.tls);
  if (seen.fault) cut(seen.fault->detail, kReplyBytes);
  if (shorter->verdict.reply) cut(*shorter->verdict.reply);
  cut(shorter->verdict.detail, kReplyBytes);
  return shorter;
}

}  // namespace sre
