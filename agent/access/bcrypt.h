#pragma once

#include <string>

#include "agent/base/result.h"
#include "agent/base/secret.h"

namespace sre {

// Takes a hash as `htpasswd -B` writes it: "$2y$10$" (or 2a, 2b) and 53 characters. The Error says
// what is wrong, without repeating any of it: it may be a password in clear.
Result<void> check_bcrypt_hash(const std::string& hash);

// True where `password` has this hash, which check_bcrypt_hash() has taken. Takes as long as the
// hash's cost says: about 50 ms for 10, and twice as long for each one more. As everywhere, bcrypt
// looks at the first 72 bytes of a password only; one with a NUL byte fits no hash. Thread-safe.
bool bcrypt_matches(const Secret& password, const std::string& hash);

}  // namespace sre
