#pragma once

#include <string>

#include "agent/base/result.h"
#include "agent/base/secret.h"

namespace sre {

// Where a secret is read from: three ways, one rule for what is found there. It is 1 byte to 64 KiB
// long, without its final line end, which editors add, and has no other line end and no NUL, which
// nobody's password has. No error repeats any of it.

// From a regular file that nobody but its owner can read, unless a platform has mounted it (see
// read_file()).
Result<Secret> secret_from_file(const std::string& path);

// From an environment variable.
Result<Secret> secret_from_environment(const std::string& variable);

// From the file `name` in $CREDENTIALS_DIRECTORY, where systemd puts LoadCredential=.
Result<Secret> secret_from_credential(const std::string& name);

}  // namespace sre
