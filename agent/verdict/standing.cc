#include "agent/verdict/standing.h"

namespace sre {

Standing advance(const Standing& before, const Run& run) {
  Standing after = before;
  const auto finished = run.finished();
  const bool first = !before.last_run.has_value();
  after.passing = run.verdict.passed;
  after.ever_passed = before.ever_passed || run.verdict.passed;
  after.consecutive_failures = run.verdict.passed ? 0 : before.consecutive_failures + 1;
  after.last_run = finished;
  if (run.verdict.passed) after.last_success = finished;
  if (first || after.passing != before.passing) after.last_change = finished;
  after.code = run.verdict.reply ? run.verdict.reply->code : 0;
  after.reason = run.verdict.reason;
  return after;
}

bool is_transition(const Standing& before, const Standing& after) {
  return !before.last_run || before.passing != after.passing || before.code != after.code ||
         before.reason != after.reason;
}

}  // namespace sre
