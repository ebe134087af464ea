#pragma once

#include <string_view>

#include "agent/base/result.h"
#include "agent/demo/script.h"

namespace sre {

// Reads a script. It is a text of rules; `#` at the start of a line begins a comment:
//
//   tls certificate=valid                  also expired, expiring, other-name, self-signed,
//                                          untrusted; `tls implicit certificate=...`; `version=1.2`
//   user probe password pear-tree          whom a login lets in; `user * password *`: anybody
//   banner: 220 mx.test ESMTP ready
//   on EHLO (clear):                       steps one per line, indented ...
//     250-mx.test
//     250 STARTTLS
//   on STARTTLS: 220 go ahead / handshake  ... or behind the colon, with " / " between them
//   on RCPT <*@local.test>: 250 2.1.5 Ok   a pattern for what follows the verb
//   on MAIL|RCPT (before login): 530 5.7.0 Authentication required
//   on RCPT (first 2 times): 450 4.7.1 Greylisted
//   during 60s..120s of 120s:              the rules indented below it count then, before all
//   others
//     on AUTH: 535 5.7.8 Error: authentication failed
//   after 90s:                             the same from then on
//
// Conditions: `clear`, `tls`, `before login`, `after login`, `first N times` (counted for each
// sender and argument), with commas between them. Events that are no commands: CONNECT, BANNER,
// ANSWER (what a client says to a 334), ACCEPTED, REJECTED, MESSAGE; see ScriptRule.
//
// Steps: a reply line (three digits), in which {command} and {password} stand for what the client
// said last and logged in with; `bytes "..."` with C escapes; `repeat 1000 "..." every 10ms`;
// `delay 800ms`, `hang`, `close`, `reset`, `handshake`. The first rule that applies counts; without
// one, polite_answer() does. An error is `line: what is wrong and what would be right`; lines are
// counted from `first_line`, for scripts that are part of a larger file.
Result<Script> parse_script(std::string_view text, int first_line = 1);

}  // namespace sre
