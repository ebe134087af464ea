#include "tests/verdict/sample_run.h"

namespace sre {

Check sample_check(Kind kind, TlsMode tls) {
  Target target;
  target.name = "corp";
  target.host = "smtp.example.com";
  target.tls = tls;
  Check check;
  check.kind = kind;
  check.name = to_string(kind);
  check.until = traits(kind).until;
  check.expect = default_expectations(kind, target, check.until);
  check.target = std::make_shared<const Target>(std::move(target));
  return check;
}

Story& Story::step(Phase phase, std::string_view reply) {
  Step step{};
  step.phase = phase;
  if (!reply.empty()) step.reply = Reply::from_text(reply);
  transcript.steps.push_back(std::move(step));
  return *this;
}

Story& Story::hello() {
  step(Phase::connect).step(Phase::banner, "220 mx.example.com ESMTP");
  return step(Phase::ehlo, "250 mx.example.com");
}

Story& Story::upgrade(int days) {
  transcript.tls.emplace();
  transcript.tls->earliest_expiry = transcript.started + std::chrono::hours{24} * days;
  step(Phase::starttls, "220 go ahead").step(Phase::tls);
  return step(Phase::ehlo, "250 mx.example.com");
}

Story& Story::fault(Phase phase, Reason reason, std::string_view detail) {
  transcript.fault = Fault{phase, reason, std::string(detail)};
  return *this;
}

}  // namespace sre
