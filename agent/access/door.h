#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/access/password_checker.h"
#include "agent/access/tls_server.h"
#include "agent/access/web_config.h"
#include "agent/base/clock.h"
#include "agent/base/guarded.h"
#include "agent/base/result.h"

namespace sre {

// How the pages are guarded at the moment. Immutable.
struct Access {
  WebConfig config;
  std::shared_ptr<const TlsServer> tls;  // null: plain HTTP
};
using AccessPtr = std::shared_ptr<const Access>;

// Reads a web configuration file and makes of it what it says; an empty name stands for one that
// asks for nothing. The TLS of `before` is kept where all that it is made from is as it was: a
// connection ends with the TLS that it began with. The Error has a line for each mistake:
// "file:line:column: message".
Result<AccessPtr> read_access(const std::string& file, const Access& before = {});

// What stands between the pages and those who ask for them. Follows the web configuration file:
// when it, a certificate or a key has changed and stayed so from one look to the next, that holds
// for the next connection and the next request. A change that is mistaken, or that would drop TLS,
// the login, client certificates or the list of their names altogether, is not followed and told in
// the log: a file that is being written looks like that, and must open nothing. Thread-safe, but
// for the three that look at files: they wait for a disk, and belong to one thread.
class Door {
 public:
  static Result<std::unique_ptr<Door>> open(std::string file, const Clock& clock);
  Door(const Door&) = delete;
  Door& operator=(const Door&) = delete;

  // What holds now.
  AccessPtr access() const;

  // Tells the log of a wrong password; once a second at most, with how many were not told.
  void tell_refusal(const std::string& user, const std::string& client);

  PasswordChecker& passwords() { return passwords_; }

  // Reads the files, changed or not: what take() may put in force. The Error is why what holds now
  // still must.
  Result<AccessPtr> read();
  void take(AccessPtr next) noexcept;
  // Looks whether the files have changed, and follows them. To be called once a second.
  void look();

 private:
  struct State {
    AccessPtr access;
    std::optional<Instant> told = {};  // of a refusal
    std::size_t untold = 0;            // refusals since then
  };

  Door(std::string file, const Clock& clock, AccessPtr access);

  const std::string file_;
  const Clock& clock_;
  PasswordChecker passwords_;
  Guarded<State> state_;

  // Of the thread that looks at files.
  std::vector<FileStamp> seen_;  // at the last look
  std::string complaint_;        // of the last reading; empty: it went well
};

}  // namespace sre
