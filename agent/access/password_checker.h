#pragma once

#include <array>
#include <boost/asio/thread_pool.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "agent/base/guarded.h"
#include "agent/base/secret.h"

namespace sre {

// Compares passwords with bcrypt hashes on a thread of its own, one after the other, because each
// takes tens of milliseconds on purpose. What was right once is remembered for the life of the
// process, as a keyed digest, so that a scrape waits the first time only. Thread-safe.
class PasswordChecker {
 public:
  enum class Answer : std::uint8_t {
    right,
    wrong,
    busy,  // too many wait already, of this client or of all, or there is no memory to compare
  };
  using Done = std::function<void(Answer)>;

  PasswordChecker();
  ~PasswordChecker();  // stops
  PasswordChecker(const PasswordChecker&) = delete;
  PasswordChecker& operator=(const PasswordChecker&) = delete;

  // True where this password was found right for this hash before.
  bool remembers(const Secret& password, const std::string& hash) const;

  // Calls `done` once: at once when the answer is `busy`, else on the checker's thread; never once
  // stop() has returned. Those who ask the same while it is compared share one answer. `client` is
  // who asks: a few questions of each may wait, so that one address that guesses does not keep the
  // others out.
  void ask(const Secret& password, const std::string& hash, const std::string& client, Done done);

  // Waits for the comparison under way and forgets the questions that wait, with whatever their
  // `done` holds. Nothing may be asked from then on.
  void stop();

 private:
  using Digest = std::array<unsigned char, 32>;
  struct Question {
    std::string client;  // who asked first
    std::vector<Done> waiting;
  };
  struct State {
    std::set<Digest> right;
    std::map<Digest, Question> questions;
  };
  enum class Place : std::uint8_t { first, shared, none };

  Digest digest_of(const Secret& password, const std::string& hash) const;
  Place take_place(const Digest& digest, const std::string& client, const Done& done);
  std::vector<Done> leave(const Digest& digest) noexcept;
  void compare(const Digest& digest, const Secret& password, const std::string& hash) noexcept;

  const Digest key_;  // random: a digest is worth nothing outside this process
  Guarded<State> state_;
  std::unique_ptr<boost::asio::thread_pool> thread_;  // null once stopped
};

}  // namespace sre
