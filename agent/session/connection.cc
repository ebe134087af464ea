#include "agent/session/connection.h"

#include <array>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <new>
#include <utility>

#include "agent/session/missing_reply.h"
#include "agent/session/openssl_memory.h"

namespace sre {
namespace {

namespace asio = boost::asio;

}  // namespace

asio::awaitable<const Reply*> Connection::command(Phase phase, std::string line,
                                                  std::string shown) {
  recorder_.begin(phase, std::move(shown));
  if (parser_.has_leftover()) {
    // RFC 5321 section 4.3.1: a server speaks when spoken to. What came early would be taken for
    // the reply to this command.
    lose(phase, Reason::protocol_violation, "the server sent a reply that no command asked for");
    co_return nullptr;
  }
  line += "\r\n";
  const bool sent = co_await send(phase, line);
  if (!sent) co_return nullptr;
  co_return co_await receive(phase);
}

asio::awaitable<bool> Connection::send(Phase phase, std::string_view bytes) {
  while (!bytes.empty()) {
    std::size_t sent = 0;
    take_openssl_lack();
    const CURLcode result = curl_easy_send(easy_, bytes.data(), bytes.size(), &sent);
    // Before all else: OpenSSL may say that it waits, and then waits for ever.
    if (result != CURLE_OK && take_openssl_lack()) throw std::bad_alloc();
    if (result == CURLE_AGAIN) {
      const bool writable = co_await wait(asio::posix::descriptor_base::wait_write);
      if (!writable) {
        lose_by_timeout(phase);
        co_return false;
      }
    } else if (result == CURLE_OUT_OF_MEMORY) {
      throw std::bad_alloc();
    } else if (result != CURLE_OK) {
      lose(phase, Reason::connection_lost, "the server closed the connection");
      co_return false;
    }
    bytes.remove_prefix(sent);
  }
  co_return true;
}

asio::awaitable<const Reply*> Connection::receive(Phase phase) {
  std::array<char, 4096> buffer;  // NOLINT: filled by curl_easy_recv
  while (true) {
    std::size_t received = 0;
    take_openssl_lack();
    const CURLcode result = curl_easy_recv(easy_, buffer.data(), buffer.size(), &received);
    if (result != CURLE_OK && take_openssl_lack()) throw std::bad_alloc();
    if (result == CURLE_AGAIN) {
      const bool readable = co_await wait(asio::posix::descriptor_base::wait_read);
      if (!readable) {
        unanswered_ = true;
        lose_by_timeout(phase);
        co_return nullptr;
      }
      continue;
    }
    if (result == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
    if (result != CURLE_OK || received == 0) {
      lose(phase, Reason::connection_lost, cut_off(!parser_.partial().lines.empty()));
      co_return nullptr;
    }
    switch (parser_.push({buffer.data(), received})) {
      case ReplyParser::Status::incomplete:
        break;
      case ReplyParser::Status::complete:
        last_ = parser_.take();
        recorder_.answer(last_);
        co_return &last_;
      case ReplyParser::Status::violation:
        lose(phase, Reason::protocol_violation, parser_.violation());
        co_return nullptr;
    }
  }
}

void Connection::say_at_parting(Phase phase, std::string line) {
  if (!unanswered_) return;
  recorder_.begin(phase, line);
  line += "\r\n";
  std::size_t sent = 0;
  // A server that reads nothing any more has filled every buffer: then it goes unsaid.
  curl_easy_send(easy_, line.data(), line.size(), &sent);
  recorder_.end();
}

asio::awaitable<bool> Connection::wait(asio::posix::descriptor_base::wait_type type) {
  if (deadline_->expired()) co_return false;
  boost::system::error_code error;
  {
    const Deadline::Guard guard(*deadline_, [this] { socket_.cancel(); });
    co_await socket_.async_wait(type, asio::redirect_error(asio::use_awaitable, error));
  }
  co_return !deadline_->expired();
}

void Connection::lose(Phase phase, Reason reason, std::string_view detail) {
  alive_ = false;
  recorder_.fault(phase, reason, detail, &parser_.partial());
}

void Connection::lose_by_timeout(Phase phase) {
  lose(phase, Reason::read_timeout, not_in_time(!parser_.partial().lines.empty()));
}

}  // namespace sre
