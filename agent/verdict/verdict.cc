#include "agent/verdict/verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "agent/knowledge/knowledge.h"

namespace sre {
namespace {

// Only waits that nothing more came from; what a server said before still counts.
bool is_silence(Reason reason) {
  return reason == Reason::connection_lost || reason == Reason::read_timeout;
}

std::string banner_of(const Transcript& transcript) {
  std::string text;
  if (const Reply* banner = transcript.reply(Phase::banner)) text = banner->text();
  if (transcript.ehlo_before_tls) text += " " + transcript.ehlo_before_tls->greeting;
  return text;
}

// Judges one transcript, step by step. Lives as long as the call of judge().
class Judge {
 public:
  Judge(const Check& check, const Transcript& transcript, const Knowledge& knowledge)
      : check_(check),
        transcript_(transcript),
        knowledge_(knowledge),
        banner_(banner_of(transcript)) {}

  Verdict judge() {
    for (std::size_t i = 0; i < transcript_.steps.size(); ++i) {
      const Step& step = transcript_.steps[i];
      if (step.phase == Phase::tls && wants_good_certificate()) {
        if (auto verdict = judge_certificate()) return *verdict;
      }
      if (!step.reply || is_superseded(i) || is_cut_short(i)) continue;
      if (auto verdict = judge_reply(step)) return *verdict;
    }
    if (transcript_.fault && transcript_.fault->phase != Phase::quit) return from_fault();
    if (check_.kind == Kind::tls && !transcript_.tls) return without_tls();
    if (transcript_.steps.empty()) return Verdict{};  // nothing was asked: no pass
    if (check_.kind == Kind::tls) passed_ = at(Phase::tls, nullptr);
    return pass();
  }

 private:
  bool wants_good_certificate() const { return check_.kind == Kind::tls && check_.target->verify; }

  // EHLO refused and HELO said instead, or a challenge of AUTH: the next step tells.
  bool is_superseded(std::size_t i) const {
    if (i + 1 == transcript_.steps.size()) return false;
    const Step& step = transcript_.steps[i];
    const Step& next = transcript_.steps[i + 1];
    return next.phase == step.phase && (next.reply || step.reply->positive());
  }

  // The last step of the fault's phase, when the fault says more about it than what was received.
  bool is_cut_short(std::size_t i) const {
    const auto& fault = transcript_.fault;
    const Step& step = transcript_.steps[i];
    if (!fault || fault->phase != step.phase) return false;
    const bool is_last =
        i + 1 == transcript_.steps.size() || transcript_.steps[i + 1].phase != step.phase;
    return is_last && (!is_silence(fault->reason) || step.reply->positive());
  }

  Verdict pass() {
    passed_.passed = true;
    passed_.reason = Reason::ok;
    return passed_;
  }

  // A verdict when this reply decides; nothing when the dialogue goes on.
  std::optional<Verdict> judge_reply(const Step& step) {
    const auto expected = check_.expect.find(step.phase);
    if (expected == check_.expect.end()) return std::nullopt;
    const Reply& reply = *step.reply;
    Verdict verdict = at(step.phase, &reply);
    if (expected->second.matches(reply)) {
      passed_ = std::move(verdict);
      if (reply.positive()) return std::nullopt;
      return pass();
    }
    const auto& kind = traits(check_.kind);
    const bool refusal_wanted = kind.wants_refusal && step.phase >= kind.refusal_from;
    if (reply.positive() && may_refuse_later(check_, step.phase)) return std::nullopt;
    if (reply.positive()) {
      const bool accepted = refusal_wanted || !accepts_positive(expected->second);
      verdict.reason = accepted ? Reason::unexpected_acceptance : Reason::unexpected_reply;
      return verdict;
    }
    const auto classified = knowledge_.classify(step.phase, reply, banner_);
    verdict.reason = classified.reason;
    verdict.rule = classified.rule_id;
    return verdict;
  }

  static bool accepts_positive(const ReplyPattern& pattern) { return pattern.first_code() < 400; }

  std::optional<Verdict> judge_certificate() const {
    if (!transcript_.tls) return std::nullopt;  // the handshake failed: a fault tells
    const TlsFacts& tls = *transcript_.tls;
    Verdict verdict = at(Phase::tls, nullptr);
    if (tls.problem) {
      verdict.reason = *tls.problem;
      verdict.detail = tls.problem_detail;
      return verdict;
    }
    if (!tls.earliest_expiry) return std::nullopt;
    const auto left = *tls.earliest_expiry - transcript_.started;
    if (left >= check_.min_validity) return std::nullopt;
    verdict.reason = Reason::certificate_expired;
    verdict.detail = fmt::format("a certificate of the chain expires in {} days",
                                 std::chrono::duration_cast<std::chrono::days>(left).count());
    return verdict;
  }

  Verdict from_fault() const {
    const Fault& fault = *transcript_.fault;
    // Not the run's last step: a goodbye may have followed.
    const Step* step = transcript_.last_step(fault.phase);
    Verdict verdict = at(fault.phase, step != nullptr && step->reply ? &*step->reply : nullptr);
    verdict.reason = fault.reason;
    verdict.detail = fault.detail;
    return verdict;
  }

  Verdict without_tls() const {
    Verdict verdict = at(Phase::starttls, nullptr);
    verdict.reason = Reason::starttls_not_offered;
    verdict.detail = "EHLO does not offer STARTTLS";
    return verdict;
  }

  Verdict at(Phase phase, const Reply* reply) const {
    Verdict verdict;
    verdict.phase = phase;
    if (reply != nullptr) verdict.reply = *reply;
    const auto expected = check_.expect.find(phase);
    if (expected != check_.expect.end()) verdict.expected = expected->second.text();
    return verdict;
  }

  const Check& check_;
  const Transcript& transcript_;
  const Knowledge& knowledge_;
  const std::string banner_;
  Verdict passed_;  // the last reply that was as expected
};

}  // namespace

bool is_faulty_reply(const Verdict& verdict) {
  if (verdict.passed || !verdict.reply) return false;
  const auto expected = ReplyPattern::parse(verdict.expected);
  return expected && expected->matches(*verdict.reply);
}

Verdict judge(const Check& check, const Transcript& transcript, const Knowledge& knowledge) {
  return Judge(check, transcript, knowledge).judge();
}

}  // namespace sre
