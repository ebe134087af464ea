#pragma once

#include <string>

#include "agent/base/clock.h"
#include "agent/web/page.h"
#include "agent/web/sources.h"

namespace sre {

// How pages speak of checks and runs. The texts may quote the wire: show them by set_text().

enum class State { failing, unknown, passing };  // in the order in which they deserve attention

State state_of(const Standing& standing);
// "failing", "passing", "not run yet".
std::string state_text(State state);
// The CSS class: "bad", "new", "good".
std::string state_class(State state);

// The check's address below the site's root, safe in an attribute: "/checks/corp/login".
std::string check_path(const Check& check);
// "smtp.example.com:587", or "mail exchangers of example.com, port 25".
std::string server_text(const Target& target);

// Whether a reply was expected in the phase that decided the run, and whether one came or is
// missing: in the other phases, `tls` among them, there is nothing to show under either heading.
bool judges_reply(const Run& run);
bool has_codes(const Run& run);
// What was expected in the phase that decided the run; "–" where replies are not judged.
std::string expected_text(const Run& run);
// The deciding reply's codes, or that there was none.
std::string got_text(const Run& run);
// The verdict in a sentence.
std::string verdict_sentence(const Run& run);
// How a check stands, for reading out when it changes: "corp / login: failing, got 535 5.7.8,
// expected 235". Free of times, which always change.
std::string told_text(const CheckView& view);

// Sets NAME to the time for people, NAME_machine to the same for <time datetime>, and NAME_ago to
// its distance from `now`; all to nothing when there is no time.
void set_time(View& view, const std::string& name, const std::optional<WallTime>& time,
              WallTime now);

}  // namespace sre
