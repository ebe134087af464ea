#include "agent/access/password_checker.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <exception>
#include <stdexcept>
#include <utility>

#include "agent/access/bcrypt.h"
#include "agent/base/fault.h"
#include "agent/base/log.h"
#include "agent/base/thread.h"

namespace sre {
namespace {

// At 50 ms each the last of them waits for three seconds.
constexpr std::size_t kMostWaiting = 64;
constexpr std::ptrdiff_t kMostOfAClient = 8;

std::array<unsigned char, 32> random_key() {
  std::array<unsigned char, 32> key{};
  if (RAND_bytes(key.data(), static_cast<int>(key.size())) != 1) {
    throw std::runtime_error("OpenSSL has no random numbers");
  }
  return key;
}

}  // namespace

PasswordChecker::PasswordChecker()
    : key_(random_key()), thread_(std::make_unique<boost::asio::thread_pool>(1)) {
  boost::asio::post(*thread_, [] { begin_thread("login"); });
}

PasswordChecker::~PasswordChecker() { stop(); }

void PasswordChecker::stop() {
  if (!thread_) return;
  thread_->stop();
  thread_.reset();
  // Outside of the lock: what they hold may be much.
  const auto forgotten =
      state_.with([](State& state) { return std::exchange(state.questions, {}); });
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

PasswordChecker::Place PasswordChecker::take_place(const Digest& digest, const std::string& client,
                                                   const Done& done) {
  return state_.with([&](State& state) {
    auto& questions = state.questions;
    if (const auto same = questions.find(digest); same != questions.end()) {
      same->second.waiting.push_back(done);
      return Place::shared;
    }
    const auto of_client =
        std::count_if(questions.begin(), questions.end(),
                      [&](const auto& question) { return question.second.client == client; });
    if (questions.size() >= kMostWaiting || of_client >= kMostOfAClient) return Place::none;
    questions.emplace(digest, Question{client, {done}});
    return Place::first;
  });
}

// Who waits for the answer; gives the place back.
std::vector<PasswordChecker::Done> PasswordChecker::leave(const Digest& digest) noexcept {
  return state_.with([&](State& state) {
    auto question = state.questions.extract(digest);
    return question ? std::move(question.mapped().waiting) : std::vector<Done>();
  });
}

void PasswordChecker::ask(const Secret& password, const std::string& hash,
                          const std::string& client, Done done) {
  const auto digest = digest_of(password, hash);
  const auto place = take_place(digest, client, done);
  if (place == Place::none) return done(Answer::busy);
  if (place == Place::shared) return;
  try {
    boost::asio::post(*thread_,
                      [this, digest, password, hash] { compare(digest, password, hash); });
  } catch (const std::exception&) {
    leave(digest);
    throw;
  }
}

void PasswordChecker::compare(const Digest& digest, const Secret& password,
                              const std::string& hash) noexcept {
  auto answer = Answer::busy;
  const auto fault = caught([&] {
    const bool right = remembers(password, hash) || bcrypt_matches(password, hash);
    if (right) state_.with([&](State& state) { state.right.insert(digest); });
    answer = right ? Answer::right : Answer::wrong;
  });
  if (fault) log::error("a password could not be looked at for want of memory");
  for (const auto& done : leave(digest)) {
    if (caught([&] { done(answer); })) log::error("a login got no answer for want of memory");
  }
}

}  // namespace sre
