#pragma once

#include "agent/base/result.h"
#include "agent/check/check.h"
#include "agent/cli/options.h"

namespace sre {

// The check that a `probe` command line describes, under the same rules as a configured one: a user
// needs a password and TLS, a recipient is needed where the question is about one. Reads the
// password file. The Error names the option and what would be right.
Result<CheckPtr> probe_check(const ProbeOptions& options);

}  // namespace sre
