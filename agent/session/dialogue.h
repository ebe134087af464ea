#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "agent/check/check.h"
#include "agent/session/connection.h"
#include "agent/session/dial.h"
#include "agent/session/recorder.h"
#include "agent/session/sasl.h"

namespace sre {

// The questions of a check, asked on a connection that is open and has said EHLO: AUTH, MAIL, RCPT,
// DATA as far as the check goes, then QUIT. It goes on after a positive reply only, asks nothing
// more once its deadline is hurried, and keeps a secret back unless all gates are open. Probe
// thread only.
class Dialogue {
 public:
  Dialogue(const Check& check, const Endpoint& endpoint, const Sasl& sasl, Connection& connection,
           Recorder& recorder, Deadline& deadline);

  // Returns when the last question is answered or cannot be asked. QUIT is the caller's to say, if
  // wants_quit().
  boost::asio::awaitable<void> run();
  // RSET after an open transaction, and QUIT.
  boost::asio::awaitable<void> leave();
  // QUIT without waiting, where a reply was waited for in vain. RFC 5321 section 4.1.1.10: a client
  // does not close the connection before it has said so.
  void part();

  // False where only hanging up is possible: in the middle of DATA, or on a dead connection.
  bool wants_quit() const { return connection_.alive() && !in_data_; }

 private:
  bool reaches(Phase phase) const { return check_.until >= phase; }
  bool goes_on_to(Phase phase) { return reaches(phase) && deadline_.go_on(); }
  boost::asio::awaitable<bool> log_in();
  boost::asio::awaitable<bool> exchange(const Credentials& credentials,
                                        const std::string& mechanism);
  boost::asio::awaitable<bool> ask(Phase phase, std::string line);
  boost::asio::awaitable<bool> send_message();

  const Check& check_;
  const Endpoint& endpoint_;
  const Sasl& sasl_;
  Connection& connection_;
  Recorder& recorder_;
  Deadline& deadline_;
  bool in_transaction_ = false;
  bool in_data_ = false;
  bool has_quit_ = false;
};

}  // namespace sre
