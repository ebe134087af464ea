#include "agent/smtp/redactor.h"

#include "agent/base/text.h"

namespace sre {
namespace {

// Shorter pieces occur in innocent text; they tell an onlooker nothing either.
constexpr std::size_t kShortestPiece = 6;

// The part of a secret's base64 that does not depend on its neighbours when it begins `offset`
// bytes after a group of three.
std::string aligned_base64(std::string_view secret, std::size_t offset) {
  const std::string padded(offset, '\0');
  const std::string text = base64_encode(padded + std::string(secret));
  const std::size_t first = offset == 0 ? 0 : offset + 1;
  const std::size_t last = (offset + secret.size()) * 8 / 6;
  return last > first ? text.substr(first, last - first) : std::string{};
}

}  // namespace

void Redactor::add(const Secret& secret) {
  if (secret.empty()) return;
  needles_.emplace_back(secret);
  add_needle(base64_encode(secret.reveal()));
  for (const std::size_t offset : {std::size_t{0}, std::size_t{1}, std::size_t{2}}) {
    add_needle(aligned_base64(secret.reveal(), offset));
  }
}

void Redactor::add_sasl_message(std::string_view base64) { add_needle(base64); }

void Redactor::add_needle(std::string_view needle) {
  if (needle.size() >= kShortestPiece) needles_.emplace_back(std::string(needle));
}

std::string Redactor::clean(std::string text) const {
  for (const auto& needle : needles_) {
    for (auto at = text.find(needle.reveal()); at != std::string::npos;
         at = text.find(needle.reveal(), at + kSecretShown.size())) {
      text.replace(at, needle.reveal().size(), kSecretShown);
    }
  }
  return text;
}

}  // namespace sre
