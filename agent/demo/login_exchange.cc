#include "agent/demo/login_exchange.h"

#include <openssl/evp.h>

#include <utility>

#include "agent/base/text.h"

namespace sre {
namespace {

using Next = LoginExchange::Next;

// RFC 4648; nothing when it is not base64. RFC 4954 writes an empty answer as "=".
std::optional<std::string> base64_decode(std::string_view text) {
  if (text.empty() || text == "=") return std::string();
  if (text.size() % 4 != 0 || text.size() > 16 * 1024) return std::nullopt;
  std::string raw(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(raw.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  // EVP_DecodeBlock counts the padding as zero bytes.
  const auto padding = text.ends_with("==") ? 2U : text.ends_with('=') ? 1U : 0U;
  raw.resize(static_cast<std::size_t>(size) - padding);
  return raw;
}

}  // namespace

bool LoginExchange::knows(std::string_view mechanism) {
  return equal_ignoring_case(mechanism, "PLAIN") || equal_ignoring_case(mechanism, "LOGIN");
}

Next LoginExchange::begin(std::string_view argument) {
  const auto space = argument.find(' ');
  is_login_ = equal_ignoring_case(argument.substr(0, space), "LOGIN");
  if (space != std::string_view::npos) return answer(trim(argument.substr(space)));
  return {Next::Kind::challenge, is_login_ ? base64_encode("Username:") : ""};
}

Next LoginExchange::answer(std::string_view line) {
  const auto text = base64_decode(line);
  if (!text) return {Next::Kind::malformed, {}};
  if (!is_login_) return plain(*text);
  if (name_) return judge(*name_, *text);
  name_ = *text;
  return {Next::Kind::challenge, base64_encode("Password:")};
}

Next LoginExchange::plain(std::string_view text) {
  // authorization identity NUL authentication identity NUL password
  const auto first = text.find('\0');
  const auto second = first == std::string_view::npos ? first : text.find('\0', first + 1);
  if (second == std::string_view::npos) return {Next::Kind::malformed, {}};
  return judge(std::string(text.substr(first + 1, second - first - 1)),
               std::string(text.substr(second + 1)));
}

Next LoginExchange::judge(const std::string& name, std::string password) {
  password_.emplace(std::move(password));
  const bool anybody = user_->name == "*";
  const bool right = name == user_->name && *password_ == user_->password;
  return {anybody || right ? Next::Kind::accepted : Next::Kind::rejected, {}};
}

}  // namespace sre
