#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agent/base/secret.h"
#include "agent/demo/script.h"

namespace sre {

// The server's side of AUTH PLAIN (RFC 4616) and AUTH LOGIN, for a script with a user.
// Server loop's thread only.
class LoginExchange {
 public:
  // What comes next: a 334 with this text, or the outcome.
  struct Next {
    enum class Kind : std::uint8_t { challenge, accepted, rejected, malformed };
    Kind kind;
    std::string challenge;
  };

  explicit LoginExchange(const ScriptUser& user) : user_(&user) {}

  static bool knows(std::string_view mechanism);
  // Begins with what follows the verb AUTH: "PLAIN", "PLAIN <base64>", "LOGIN [<base64>]".
  Next begin(std::string_view argument);
  // The client's answer to a challenge.
  Next answer(std::string_view line);

  // What the client gave as its password, once it has.
  const std::optional<Secret>& password() const { return password_; }

 private:
  Next plain(std::string_view base64);
  Next judge(const std::string& name, std::string password);

  const ScriptUser* user_;
  bool is_login_ = false;
  std::optional<std::string> name_;
  std::optional<Secret> password_;
};

}  // namespace sre
