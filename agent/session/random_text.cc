#include "agent/session/random_text.h"

#include <fmt/format.h>
#include <openssl/rand.h>

#include <stdexcept>
#include <vector>

namespace sre {

std::string random_hex(std::size_t bytes) {
  std::vector<unsigned char> raw(bytes);
  if (RAND_bytes(raw.data(), static_cast<int>(raw.size())) != 1) {
    throw std::runtime_error("OpenSSL gives no random numbers");
  }
  std::string text;
  for (const auto byte : raw) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace sre
