#pragma once

#include <memory>
#include <string>

#include "agent/base/clock.h"
#include "agent/check/expectation.h"
#include "agent/check/kind.h"
#include "agent/check/target.h"

namespace sre {

// One question to one target on a schedule. Immutable once configured; shared by everything that
// runs, remembers or shows it.
struct Check {
  std::shared_ptr<const Target> target;
  std::string name;  // unique within the target; by default the kind's name
  Kind kind = Kind::greeting;
  Duration interval = std::chrono::seconds{60};
  Duration timeout = std::chrono::seconds{15};  // of a whole run
  std::string helo;                             // the name said in EHLO
  std::string from;                             // MAIL FROM, without angle brackets; may be empty
  std::string to;                               // RCPT TO, likewise; needed from phase rcpt on
  Phase until = Phase::ehlo;                    // the last phase before QUIT
  Expectations expect;  // defaults of the kind, with the configured ones put in
  // A certificate that ends sooner fails a `tls` check.
  Duration min_validity = std::chrono::hours{24 * 14};

  // "target/check", unique in a configuration.
  std::string id() const { return target->name + "/" + name; }

  // Compares the target by address; see same_check().
  friend bool operator==(const Check&, const Check&) = default;
};

// True when every setting is equal, those of the target and its credentials (with the secret) too.
// What a reload keeps does not depend on it: that goes by the id, since "corp/login" is the same
// service to its users whatever host it moves to.
bool same_check(const Check& a, const Check& b);

// True where the check logs in with the target's own credentials: a login that is refused may lock
// an account then.
bool risks_an_account(const Check& check);

// True where the check wants a refusal, and an acceptance in `phase` does not decide it yet: many
// servers say 250 to MAIL and refuse at RCPT.
bool may_refuse_later(const Check& check, Phase phase);

using CheckPtr = std::shared_ptr<const Check>;

}  // namespace sre
