#include "agent/session/sasl.h"

#include <fmt/format.h>
#include <gsasl.h>

#include <new>

#include "agent/base/text.h"

namespace sre {
namespace {

struct GsaslDeleter {
  void operator()(Gsasl_session* session) const { gsasl_finish(session); }
};
using GsaslSession = std::unique_ptr<Gsasl_session, GsaslDeleter>;

class GsaslExchange final : public SaslExchange {
 public:
  GsaslExchange(GsaslSession session, bool client_first)
      : session_(std::move(session)), client_first_(client_first) {}

  std::optional<std::string> initial() override { return client_first_ ? step("") : std::nullopt; }
  std::optional<std::string> respond(std::string_view challenge) override {
    return step(challenge);
  }

 private:
  std::optional<std::string> step(std::string_view challenge) {
    if (finished_) return std::nullopt;
    char* raw = nullptr;
    const int result = gsasl_step64(session_.get(), std::string(challenge).c_str(), &raw);
    const std::unique_ptr<char, decltype(&gsasl_free)> output(raw, &gsasl_free);
    if (result == GSASL_MALLOC_ERROR) throw std::bad_alloc();
    finished_ = result == GSASL_OK;
    if (result != GSASL_OK && result != GSASL_NEEDS_MORE) return std::nullopt;
    return output ? std::string(output.get()) : std::string();
  }

  GsaslSession session_;
  bool client_first_;
  bool finished_ = false;
};

// A bearer token in one message. A refusal comes as a challenge with details in JSON; the given
// answer to it makes the server send its final reply.
class BearerExchange final : public SaslExchange {
 public:
  BearerExchange(std::string message, std::string answer_to_error)
      : message_(std::move(message)), answer_to_error_(std::move(answer_to_error)) {}

  std::optional<std::string> initial() override { return base64_encode(message_.reveal()); }
  std::optional<std::string> respond(std::string_view /*challenge*/) override {
    if (answered_) return std::nullopt;
    answered_ = true;
    return answer_to_error_;
  }

 private:
  Secret message_;
  std::string answer_to_error_;
  bool answered_ = false;
};

bool is_client_first(std::string_view mechanism) {
  return mechanism == "PLAIN" || mechanism == "EXTERNAL" || mechanism == "NTLM" ||
         mechanism.starts_with("SCRAM-");
}

// Google's XOAUTH2, which has no RFC.
std::string xoauth2_message(const Credentials& credentials) {
  return fmt::format("user={}\1auth=Bearer {}\1\1", credentials.username,
                     credentials.secret.reveal());
}

// "," and "=" stand for something in a GS2 header (RFC 5801 section 4).
std::string gs2_name(std::string_view name) {
  std::string escaped;
  for (const char c : name) {
    if (c == ',') {
      escaped += "=2C";
    } else if (c == '=') {
      escaped += "=3D";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

// RFC 7628 section 3.1.
std::string oauthbearer_message(const Credentials& credentials, const SaslPeer& peer) {
  return fmt::format("n,a={},\1host={}\1port={}\1auth=Bearer {}\1\1",
                     gs2_name(credentials.username), peer.host, peer.port,
                     credentials.secret.reveal());
}

// Whether SASLprep lets the text pass, with the flag that libgsasl's own mechanisms use.
bool is_preparable(const std::string& text) {
  char* raw = nullptr;
  const int result = gsasl_saslprep(text.c_str(), GSASL_ALLOW_UNASSIGNED, &raw, nullptr);
  const std::unique_ptr<char, decltype(&gsasl_free)> prepared(raw, &gsasl_free);
  if (result == GSASL_MALLOC_ERROR) throw std::bad_alloc();
  return result == GSASL_OK;
}

}  // namespace

bool takes(std::string_view mechanism, const Credentials& credentials) {
  if (mechanism != "CRAM-MD5" && !mechanism.starts_with("SCRAM-")) return true;
  return is_preparable(credentials.username) &&
         is_preparable(std::string(credentials.secret.reveal()));
}

Sasl::Sasl() {
  if (gsasl_init(&context_) != GSASL_OK) throw std::bad_alloc();
}

Sasl::~Sasl() { gsasl_done(context_); }

Result<std::unique_ptr<SaslExchange>> Sasl::begin(std::string_view mechanism,
                                                  const Credentials& credentials,
                                                  const SaslPeer& peer) const {
  if (mechanism == "XOAUTH2") {
    return std::make_unique<BearerExchange>(xoauth2_message(credentials), "");
  }
  if (mechanism == "OAUTHBEARER") {
    // RFC 7628 section 3.2.3: a lone ^A, in base64.
    return std::make_unique<BearerExchange>(oauthbearer_message(credentials, peer), "AQ==");
  }
  if (!takes(mechanism, credentials)) {
    return failure(
        fmt::format("the user name or the password has characters that {} cannot carry (SASLprep, "
                    "RFC 4013); mechanism PLAIN or LOGIN can",
                    mechanism));
  }
  Gsasl_session* raw = nullptr;
  const int started = gsasl_client_start(context_, std::string(mechanism).c_str(), &raw);
  GsaslSession session(raw);
  if (started == GSASL_MALLOC_ERROR) throw std::bad_alloc();
  if (started != GSASL_OK) {
    return failure(fmt::format("this build does not speak {}", mechanism));
  }
  const std::string password(credentials.secret.reveal());
  const auto set = [&session](Gsasl_property property, const char* value) {
    if (gsasl_property_set(session.get(), property, value) != GSASL_OK) throw std::bad_alloc();
  };
  set(GSASL_AUTHID, credentials.username.c_str());
  set(GSASL_PASSWORD, password.c_str());
  set(GSASL_SERVICE, "smtp");
  set(GSASL_HOSTNAME, peer.host.c_str());
  if (mechanism == "EXTERNAL") set(GSASL_AUTHZID, credentials.username.c_str());
  return std::make_unique<GsaslExchange>(std::move(session), is_client_first(mechanism));
}

}  // namespace sre
