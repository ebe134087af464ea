#include "agent/access/bcrypt.h"

#include <crypt.h>
#include <fmt/format.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <memory>
#include <string_view>

namespace sre {
namespace {

constexpr std::size_t kHashBytes = 60;
constexpr std::string_view kAlphabet =
    "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr int kLowestCost = 4;
// 0.4 s for one login; a stop waits for the one under way, and at 31 that would be a day.
constexpr int kHighestCost = 13;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

Result<void> check_bcrypt_hash(const std::string& hash) {
  const std::string_view text = hash;
  const auto version = text.substr(0, 4);
  const bool known = version == "$2a$" || version == "$2b$" || version == "$2y$";
  if (!known || text.size() != kHashBytes || !is_digit(text[4]) || !is_digit(text[5]) ||
      text[6] != '$' || text.find_first_not_of(kAlphabet, 7) != std::string_view::npos) {
    return failure(
        "this is no bcrypt hash; write what `htpasswd -nBC 10 \"\"` prints behind the "
        "colon, such as $2y$10$ and 53 characters");
  }
  const int cost = (text[4] - '0') * 10 + (text[5] - '0');
  if (cost < kLowestCost || cost > kHighestCost) {
    return failure(
        fmt::format("the hash has a cost of {}, which must be {} to {}; 10 takes about "
                    "50 ms for a login, and each one more doubles that",
                    cost, kLowestCost, kHighestCost));
  }
  return {};
}

bool bcrypt_matches(const Secret& password, const std::string& hash) {
  std::string text(password.reveal());
  if (text.find('\0') != std::string::npos) return false;
  const auto work = std::make_unique<crypt_data>();
  const char* computed = crypt_r(text.c_str(), hash.c_str(), work.get());
  const bool same = computed != nullptr && std::string_view(computed).size() == hash.size() &&
                    CRYPTO_memcmp(computed, hash.data(), hash.size()) == 0;
  OPENSSL_cleanse(work.get(), sizeof(*work));
  OPENSSL_cleanse(text.data(), text.size());
  return same;
}

}  // namespace sre
