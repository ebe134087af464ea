#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "agent/base/clock.h"
#include "agent/verdict/run.h"

namespace sre::testing {

// A clock that stands still until it is told to move.
class ManualClock : public Clock {
 public:
  Instant now() const noexcept override { return Instant{Duration{since_start_}}; }
  WallTime wall() const noexcept override {
    return kStart + std::chrono::duration_cast<WallTime::duration>(Duration{since_start_});
  }
  void advance(Duration by) { since_start_ += by.count(); }

  // 2026-01-02 03:04:05 UTC.
  static constexpr WallTime kStart{std::chrono::seconds{1767323045}};

 private:
  std::atomic<Duration::rep> since_start_ = 0;
};

inline CheckPtr make_check(std::string target, std::string name, Kind kind = Kind::login) {
  auto where = std::make_shared<Target>();
  where->name = std::move(target);
  where->host = where->name + ".example.com";
  where->port = 587;
  where->tls = TlsMode::starttls;
  auto check = std::make_shared<Check>();
  check->name = std::move(name);
  check->kind = kind;
  check->until = traits(kind).until;
  check->expect = default_expectations(kind, *where, check->until);
  check->target = std::move(where);
  return check;
}

// A run that ended `at` after ManualClock::kStart with the reply `text` ("535 5.7.8 no") at AUTH.
inline Run make_run(CheckPtr check, Duration at, std::string_view text, Reason reason) {
  Run run;
  run.check = std::move(check);
  run.transcript.duration = std::chrono::milliseconds{250};
  run.transcript.started = ManualClock::kStart + std::chrono::duration_cast<WallTime::duration>(
                                                     at - run.transcript.duration);
  run.transcript.address = "192.0.2.1";
  run.transcript.steps = {
      {.phase = Phase::banner, .command = {}, .reply = Reply::from_text("220 mx ESMTP")},
      {.phase = Phase::auth, .command = "AUTH PLAIN <secret>", .reply = Reply::from_text(text)}};
  run.verdict.passed = reason == Reason::ok;
  run.verdict.phase = Phase::auth;
  run.verdict.reply = Reply::from_text(text);
  run.verdict.expected = "235";
  run.verdict.reason = reason;
  return run;
}

inline RunPtr passed(const CheckPtr& check, Duration at) {
  return std::make_shared<const Run>(make_run(check, at, "235 2.7.0 welcome", Reason::ok));
}

inline RunPtr failed(const CheckPtr& check, Duration at,
                     Reason reason = Reason::auth_credentials_invalid) {
  return std::make_shared<const Run>(make_run(check, at, "535 5.7.8 wrong", reason));
}

}  // namespace sre::testing
