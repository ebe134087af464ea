#pragma once

#include <curl/curl.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <string>
#include <string_view>

#include "agent/session/deadline.h"
#include "agent/session/recorder.h"
#include "agent/smtp/reply_parser.h"

namespace sre {

// The dialogue's line-in, line-out driver on a connection that libcurl has opened and keeps (TLS
// included). Every command and every reply goes into the recorder. Probe thread only.
class Connection {
 public:
  // `easy` is a finished CURLOPT_CONNECT_ONLY transfer, `socket` what it has left; both must
  // outlive the connection.
  Connection(boost::asio::posix::stream_descriptor& socket, CURL* easy, Recorder& recorder,
             Deadline& deadline)
      : easy_(easy), recorder_(recorder), deadline_(&deadline), socket_(socket) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Sends one command line and waits for its reply: one step of the transcript, in which the
  // command stands as `shown`. Gives the reply as it came, quoted secrets and all: a challenge with
  // a piece taken out would be answered wrongly. Nothing when no reply came; the recorder then
  // holds the fault. What it points to lives until the next command.
  boost::asio::awaitable<const Reply*> command(Phase phase, std::string line, std::string shown);

  // From now on another deadline counts; it must outlive all further commands.
  void keep(Deadline& deadline) { deadline_ = &deadline; }

  // Sends one more line where a reply was waited for in vain, and waits for nothing any more. Does
  // nothing elsewhere: a command that was sent in part cannot be followed by another.
  void say_at_parting(Phase phase, std::string line);

  // True while nothing has gone wrong and another command makes sense.
  bool alive() const { return alive_; }

 private:
  boost::asio::awaitable<bool> send(Phase phase, std::string_view bytes);
  boost::asio::awaitable<const Reply*> receive(Phase phase);
  boost::asio::awaitable<bool> wait(boost::asio::posix::descriptor_base::wait_type type);
  void lose(Phase phase, Reason reason, std::string_view detail);
  void lose_by_timeout(Phase phase);

  CURL* easy_;
  Recorder& recorder_;
  Deadline* deadline_;
  boost::asio::posix::stream_descriptor& socket_;
  ReplyParser parser_;
  Reply last_;  // as it came; for the transcript the recorder cleans a copy
  bool alive_ = true;
  bool unanswered_ = false;  // the last command was sent, and its reply did not come in time
};

}  // namespace sre
