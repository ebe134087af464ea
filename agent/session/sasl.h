#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "agent/base/result.h"
#include "agent/check/target.h"

struct Gsasl;

namespace sre {

// What a SASL exchange needs to know of the server it runs against.
struct SaslPeer {
  std::string host;
  std::uint16_t port = 0;
};

// The client's side of one SASL exchange (RFC 4422). Messages go in and out as base64, as SMTP
// carries them (RFC 4954 section 4). Probe thread only.
class SaslExchange {
 public:
  virtual ~SaslExchange() = default;

  // The message to send along with the AUTH command; nothing for mechanisms in which the server
  // begins.
  virtual std::optional<std::string> initial() = 0;
  // The answer to a challenge. Nothing when the challenge makes no sense or nothing more is due:
  // the exchange is then to be cancelled with "*".
  virtual std::optional<std::string> respond(std::string_view challenge) = 0;
};

// Whether the mechanism can carry the user name and the secret: some put both through SASLprep (RFC
// 4013), which refuses what is no UTF-8 and characters that Unicode 3.2 does not have.
bool takes(std::string_view mechanism, const Credentials& credentials);

// Makes exchanges: PLAIN, LOGIN, CRAM-MD5, SCRAM-SHA-1, SCRAM-SHA-256, NTLM and EXTERNAL by
// libgsasl, XOAUTH2 and OAUTHBEARER (RFC 7628) as the plain strings they are. Probe thread only.
class Sasl {
 public:
  Sasl();
  ~Sasl();
  Sasl(const Sasl&) = delete;
  Sasl& operator=(const Sasl&) = delete;

  // An Error where this build does not know the mechanism, or the mechanism cannot take the
  // credentials: nothing has to be sent to find that out.
  Result<std::unique_ptr<SaslExchange>> begin(std::string_view mechanism,
                                              const Credentials& credentials,
                                              const SaslPeer& peer) const;

 private:
  Gsasl* context_ = nullptr;
};

}  // namespace sre
