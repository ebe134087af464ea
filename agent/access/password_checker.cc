#include "agent/access/password_checker.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <boost/asio/post.hpp>
#include <exception>
#include <stdexcept>
#include <utility>

#include "agent/access/bcrypt.h"
#include "agent/base/log.h"

namespace sre {
namespace {

// At 50 ms each the last of them waits for three seconds.
constexpr std::size_t kMostWaiting = 64;
constexpr std::size_t kMostOfAClient = 8;

std::array<unsigned char, 32> random_key() {
  std::array<unsigned char, 32> key{};
  if (RAND_bytes(key.data(), static_cast<int>(key.size())) != 1) {
    throw std::runtime_error("OpenSSL has no random numbers");
  }
  return key;
}

}  // namespace

PasswordChecker::PasswordChecker()
    : key_(random_key()), thread_(std::make_unique<boost::asio::thread_pool>(1)) {}

PasswordChecker::~PasswordChecker() { stop(); }

void PasswordChecker::stop() {
  if (!thread_) return;
  thread_->stop();
  thread_.reset();
}

PasswordChecker::Digest PasswordChecker::digest_of(const Secret& password,
                                                   const std::string& hash) const {
  // A hash has no NUL, and a salt of its own for each user.
  std::string text = hash;
  text += '\0';
  text += password.reveal();
  Digest digest{};
  unsigned size = 0;
  HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size);
  OPENSSL_cleanse(text.data(), text.size());
  return digest;
}

bool PasswordChecker::remembers(const Secret& password, const std::string& hash) const {
  const auto digest = digest_of(password, hash);
  return state_.with([&](const State& state) { return state.right.contains(digest); });
}

bool PasswordChecker::admit(const std::string& client) {
  return state_.with([&](State& state) {
    if (state.all_waiting >= kMostWaiting) return false;
    auto& waiting = state.waiting[client];
    if (waiting >= kMostOfAClient) return false;
    ++waiting;
    ++state.all_waiting;
    return true;
  });
}

void PasswordChecker::leave(const std::string& client) {
  state_.with([&](State& state) {
    --state.all_waiting;
    const auto found = state.waiting.find(client);
    if (--found->second == 0) state.waiting.erase(found);
  });
}

void PasswordChecker::ask(const Secret& password, const std::string& hash,
                          const std::string& client, Done done) {
  if (!admit(client)) {
    done(Answer::busy);
    return;
  }
  boost::asio::post(*thread_, [this, password, hash, client, done = std::move(done)] {
    const bool right = bcrypt_matches(password, hash);
    leave(client);
    try {
      if (right) {
        state_.with([&](State& state) { state.right.insert(digest_of(password, hash)); });
      }
      done(right ? Answer::right : Answer::wrong);
    } catch (const std::exception& error) {
      log::error("a login got no answer", {{"error", error.what()}});
    }
  });
}

}  // namespace sre
