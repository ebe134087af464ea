#include "agent/smtp/redactor.h"

#include <algorithm>
#include <utility>

#include "agent/base/text.h"

namespace sre {
namespace {

// Shorter pieces occur in innocent text; they tell an onlooker nothing either.
constexpr std::size_t kShortestPiece = 6;
// Of a SASL message, this much and whatever follows of it is taken out: servers quote a line up to
// a limit of theirs, and the parser quotes no more than 80 bytes of what is no reply.
constexpr std::size_t kShortestBeginning = 8;

// The part of a secret's base64 that does not depend on its neighbours when it begins `offset`
// bytes after a group of three.
std::string aligned_base64(std::string_view secret, std::size_t offset) {
  const std::string padded(offset, '\0');
  const std::string text = base64_encode(padded + std::string(secret));
  const std::size_t first = offset == 0 ? 0 : offset + 1;
  const std::size_t last = (offset + secret.size()) * 8 / 6;
  return last > first ? text.substr(first, last - first) : std::string{};
}

std::string without_beginnings(std::string text, std::string_view message) {
  const auto beginning = message.substr(0, kShortestBeginning);
  for (auto at = text.find(beginning); at != std::string::npos;
       at = text.find(beginning, at + kSecretShown.size())) {
    const auto rest = std::string_view(text).substr(at);
    const auto [end, ignored] =
        std::mismatch(rest.begin(), rest.end(), message.begin(), message.end());
    text.replace(at, static_cast<std::size_t>(end - rest.begin()), kSecretShown);
  }
  return text;
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

void Redactor::add_sasl_message(std::string_view base64) {
  add_needle(base64);
  if (base64.size() >= kShortestBeginning) messages_.emplace_back(std::string(base64));
}

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
  // Last: two messages may begin alike.
  for (const auto& message : messages_) {
    text = without_beginnings(std::move(text), message.reveal());
  }
  return text;
}

}  // namespace sre
