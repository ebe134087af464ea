#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/base/clock.h"
#include "agent/base/secret.h"

namespace sre {

// The certificate that a scripted server shows; all but `self_signed` and `untrusted` come from the
// authority that clients are given.
enum class CertificateKind : std::uint8_t {
  valid,        // for localhost, 127.0.0.1 and ::1
  expired,      // ended yesterday
  expiring,     // ends in three days
  other_name,   // for another host
  self_signed,  // signed by nobody
  untrusted,    // signed by an authority that nobody knows
};

// How a scripted server does TLS.
struct ScriptTls {
  bool implicit = false;  // from the first byte, not after STARTTLS
  CertificateKind certificate = CertificateKind::valid;
  // The only protocol version spoken, "1.0" to "1.3"; empty: whatever OpenSSL allows.
  std::string version;
};

// One thing that a scripted server does. What is sent waits until the answer is over or a step that
// is no sending comes up, so that neighbouring lines travel in one packet.
struct ScriptStep {
  enum class Kind : std::uint8_t {
    reply,      // sends `text` and CRLF, with its placeholders filled in
    bytes,      // sends `text` as it is
    repeat,     // sends `text` `times` times, with a pause of `time` after each
    delay,      // waits for `time`
    hang,       // never says anything again
    close,      // ends the connection in good order
    reset,      // breaks it off (TCP RST)
    handshake,  // starts TLS
  };
  Kind kind = Kind::reply;
  std::string text;
  std::size_t times = 1;
  Duration time{};
};

// A stretch of a repeating period, counted from the server's start.
struct ScriptWindow {
  Duration from{};
  Duration to{};
  Duration period{};  // zero: it comes once

  bool contains(Duration since_start) const;
};

// What a server answers to some commands, under some conditions.
struct ScriptRule {
  // Upper case verbs as said by the client, and the events CONNECT, BANNER, ANSWER (a line behind a
  // 334), ACCEPTED and REJECTED (the outcome of a login), MESSAGE (the end of DATA). "*": any verb.
  std::vector<std::string> commands;
  std::string argument;           // pattern of matches_glob() for what follows the verb; empty: any
  std::optional<bool> tls;        // only inside TLS, or only in clear
  std::optional<bool> logged_in;  // only after a login, or only before
  int first_times = 0;  // only the first times for the same sender and argument; 0: always
  std::optional<ScriptWindow> window;
  std::vector<ScriptStep> steps;
};

// Whom a scripted server lets in; "*" lets anybody in.
struct ScriptUser {
  std::string name;
  Secret password;
};

// How a scripted server behaves, as read by parse_script(). Immutable.
struct Script {
  std::optional<ScriptTls> tls;
  std::optional<ScriptUser> user;
  std::vector<ScriptRule> rules;  // the first that applies counts; those with a window come first
};

// The moment at which a server looks for its next answer.
struct ScriptMoment {
  std::string_view command = {};   // upper case verb or event
  std::string_view argument = {};  // for MAIL and RCPT the address without its brackets
  std::string_view sender = {};    // of the MAIL command before, if any
  bool tls = false;
  bool logged_in = false;
  Duration since_start{};
};

// The first rule that applies, or null. `count` is asked for rules with `first_times`: it counts
// the rule's number and the moment's sender and argument, and says the count with this one.
const ScriptRule* find_rule(const Script& script, const ScriptMoment& moment,
                            const std::function<int(std::size_t rule, const ScriptMoment&)>& count);

// What a server answers where no rule applies: a small, correct server that offers STARTTLS and
// AUTH where the script gives it TLS and a user, and accepts all mail.
std::vector<ScriptStep> polite_answer(const Script& script, const ScriptMoment& moment);

}  // namespace sre
