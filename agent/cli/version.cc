#include "agent/cli/version.h"

#include <fmt/format.h>

#include "agent/session/versions.h"

namespace sre {

std::string program_version() { return SRE_VERSION; }

std::string version_text() {
  return fmt::format("smtp_reply_exporter {} (libcurl {}, OpenSSL {})", program_version(),
                     libcurl_version(), openssl_version());
}

}  // namespace sre
