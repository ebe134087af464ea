#include "agent/config/defaults.h"

#include <unistd.h>

#include <array>
#include <string_view>

#include "agent/config/rules.h"

namespace sre {
namespace {

constexpr std::uint16_t kSmtpPort = 25;
constexpr std::uint16_t kSubmissionPort = 587;   // RFC 6409
constexpr std::uint16_t kSubmissionsPort = 465;  // RFC 8314: TLS from the first byte
// A domain that is nobody's (RFC 2606): what a server that relays does with it harms nobody.
constexpr std::string_view kForeignRecipient = "relay-check@example.org";

}  // namespace

std::string default_helo() {
  std::array<char, 256> name{};
  const bool known = ::gethostname(name.data(), name.size() - 1) == 0;
  return known && check_helo(name.data()) ? name.data() : "localhost";
}

std::uint16_t usual_port(TlsMode tls) {
  if (tls == TlsMode::implicit) return kSubmissionsPort;
  return tls == TlsMode::starttls ? kSubmissionPort : kSmtpPort;
}

std::string default_sender(const Check& check) {
  const auto* credentials = check.target->credentials.get();
  if (credentials != nullptr && credentials->username.find('@') != std::string::npos &&
      check_sender(credentials->username)) {
    return credentials->username;
  }
  return "probe@" + check.helo;
}

std::optional<std::string> default_recipient(const Check& check) {
  if (check.kind == Kind::relay_refused) return std::string(kForeignRecipient);
  if (check.kind == Kind::login_required && !check.from.empty()) return check.from;
  return std::nullopt;
}

}  // namespace sre
