#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agent/base/secret.h"

namespace sre {

// A name and a password as HTTP's Basic scheme carries them (RFC 7617).
struct BasicCredentials {
  std::string user;
  Secret password;
};

// Reads the value of an Authorization header; nothing where it is of another scheme or is not
// base64 of a name, a colon and a password.
std::optional<BasicCredentials> parse_basic_credentials(std::string_view authorization);

}  // namespace sre
