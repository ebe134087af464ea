#include "agent/access/basic_credentials.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "agent/base/text.h"

namespace sre {
namespace {

// RFC 4648 section 4, padded.
std::optional<std::string> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string raw(text.size() / 4 * 3, '\0');
  const auto* from = reinterpret_cast<const unsigned char*>(text.data());
  auto* to = reinterpret_cast<unsigned char*>(raw.data());
  if (EVP_DecodeBlock(to, from, static_cast<int>(text.size())) < 0) return std::nullopt;
  // The padding is decoded as well, to NUL bytes.
  const auto padding = text.size() - (text.find_last_not_of('=') + 1);
  if (padding > 2) return std::nullopt;
  raw.resize(raw.size() - padding);
  return raw;
}

}  // namespace

std::optional<BasicCredentials> parse_basic_credentials(std::string_view authorization) {
  constexpr std::string_view kScheme = "Basic ";
  if (!starts_with_ignoring_case(authorization, kScheme)) return std::nullopt;
  auto decoded = base64_decode(trim(authorization.substr(kScheme.size())));
  if (!decoded) return std::nullopt;
  std::optional<BasicCredentials> credentials;
  const auto colon = decoded->find(':');
  if (colon != std::string::npos) {
    credentials = {decoded->substr(0, colon), Secret(decoded->substr(colon + 1))};
  }
  OPENSSL_cleanse(decoded->data(), decoded->size());
  return credentials;
}

}  // namespace sre
