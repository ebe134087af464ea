#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/base/clock.h"
#include "agent/smtp/certificate.h"
#include "agent/smtp/ehlo.h"
#include "agent/smtp/phase.h"
#include "agent/smtp/reason.h"
#include "agent/smtp/reply.h"

namespace sre {

// One step of a run: a command and its reply, or what happened without any (resolve, connect, tls).
struct Step {
  Phase phase;
  std::string command;         // as sent, secrets as `<secret>`; empty where nothing was sent
  std::optional<Reply> reply;  // nothing when none came, or the phase has none
  Duration at{};               // when it began, since the run began
  Duration took{};             // until the reply's last line, or the end of the handshake
  // Of a reply that began and did not end, the lines that came.
  std::optional<Reply> unfinished{};

  // What came: the reply, else the lines of the unfinished one.
  const std::optional<Reply>& heard() const { return reply ? reply : unfinished; }
};

// What ended a run before its dialogue was done, as the probe itself saw it: no address, no
// connection, no reply in time, nonsense instead of a reply, a gate that kept a secret back.
struct Fault {
  Phase phase;
  Reason reason;
  std::string detail;  // one printable sentence; may quote the server, never a secret
};

// All that was said and seen in one run, in order, free of secrets. The verdict is drawn from it
// alone.
struct Transcript {
  WallTime started{};
  Duration duration{};
  std::string address;  // "192.0.2.1" or "2001:db8::1", empty when none was found
  std::vector<Step> steps;
  std::optional<Fault> fault;
  std::optional<Ehlo> ehlo_before_tls;
  std::optional<Ehlo> ehlo_after_tls;
  std::optional<TlsFacts> tls;

  // The last step of `phase`.
  const Step* last_step(Phase phase) const;
  // The last reply received in `phase`.
  const Reply* reply(Phase phase) const;
  // What the server offers now: under TLS what it said under TLS. Nothing before EHLO.
  const Ehlo* current_ehlo() const;
  // The sum of what the steps of `phase` took; nothing when it was never entered.
  std::optional<Duration> duration_of(Phase phase) const;
};

}  // namespace sre
