#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/base/result.h"
#include "agent/check/check.h"
#include "agent/demo/script.h"
#include "agent/smtp/phase.h"
#include "agent/smtp/reason.h"

namespace sre {

// What a dialogue has to come to.
struct DialogueExpectation {
  bool passed = false;
  std::optional<Phase> phase;             // that decided the verdict
  std::optional<Reason> reason;           // `ok` where it passed
  std::optional<std::string> reply;       // as describe_code() writes it, "none" where none came
  std::optional<std::string> replies;     // all of the run: "banner 220, ehlo 250, quit 221"
  std::vector<std::string> received;      // patterns of matches_glob() for lines the server got
  std::vector<std::string> not_received;  // likewise, for lines that must not have come
  bool secret_stays = false;              // no form of the password reached the server
};

// A scripted server, a check that meets it, and what it comes to: one file of tests/dialogues/.
struct Dialogue {
  Check check;  // its target lacks the port and the ca_file, which are known when the server runs
  Script server;
  DialogueExpectation expected;
};

// Reads such a file. It begins with a comment that says what it shows, and has three parts, each
// indented below its name:
//
//   check
//     kind login
//     tls starttls
//     user probe password pear-tree
//   server
//     tls certificate=valid
//     on AUTH: 535 5.7.8 Error: authentication failed
//   expect
//     failed
//     phase auth
//     reply 535 5.7.8
//     reason auth_credentials_invalid
//     received QUIT
//
// In `check`: kind, tls, user NAME password PASSWORD, mechanism, helo, from, to, until, timeout,
// expect PHASE PATTERN, allow cleartext login, verify no. The target is 127.0.0.1. `server` is a
// script (agent/demo/script_parser.h). In `expect`: passed or failed, phase, reply, reason,
// replies, received PATTERN, never received PATTERN, secret never sent. An error is `line: what is
// wrong`.
Result<Dialogue> parse_dialogue(std::string_view text);

// A password as it may appear on the wire or in a text: in clear, and in base64 at each of the
// three places it can have inside a longer message, without the characters at the ends that depend
// on what surrounds it.
std::vector<std::string> forms_of_secret(std::string_view secret);

}  // namespace sre
