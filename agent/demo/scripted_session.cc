#include "agent/demo/scripted_session.h"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "agent/base/log.h"
#include "agent/base/text.h"
#include "agent/demo/login_exchange.h"

namespace sre {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kMaxLine = 64 * 1024;
constexpr std::size_t kMaxRecord = 1024 * 1024;
constexpr std::size_t kMaxCounts = 10'000;
constexpr std::size_t kFlushAt = 64 * 1024;

void replace_all(std::string& text, std::string_view name, std::string_view value) {
  for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size()))
    text.replace(at, name.size(), value);
}

// "<a@b> SIZE=3" behind "FROM:" as the bare address.
std::string address_of(std::string_view argument) {
  const auto open = argument.find('<');
  const auto close = argument.find('>', open == std::string_view::npos ? 0 : open);
  if (open == std::string_view::npos || close == std::string_view::npos) return {};
  return std::string(argument.substr(open + 1, close - open - 1));
}

// One client's dialogue. Every bool task says whether the dialogue goes on.
class Session {
 public:
  Session(SessionShared& shared, ClientStream& stream) : shared_(shared), stream_(stream) {}

  asio::awaitable<void> run();

 private:
  template <class T>
  using Task = ClientStream::Task<T>;

  Task<std::string> read_line();
  Task<void> receive();
  Task<bool> on_line(std::string line);
  Task<bool> on_command(std::string line);
  Task<bool> go_on(LoginExchange::Next next);

  Task<bool> answer(std::string_view command, std::string_view argument);
  Task<bool> perform(const ScriptStep& step);
  Task<void> send_repeatedly(const ScriptStep& step);
  Task<void> wait(Duration time);
  Task<void> flush();
  void say(std::string_view text);

  const ScriptRule* rule_for(std::string_view command, std::string_view argument);

  SessionShared& shared_;
  ClientStream& stream_;
  std::string in_;   // received, not yet read as lines
  std::string out_;  // said, not yet sent
  std::string command_line_;
  std::string sender_;
  bool logged_in_ = false;
  bool expects_answer_ = false;   // the last reply was a 334
  bool expects_message_ = false;  // the last reply was a 354
  std::optional<LoginExchange> login_;
};

asio::awaitable<void> Session::run() {
  bool goes_on = co_await answer("CONNECT", {});
  const auto& tls = shared_.script.tls;
  if (goes_on && tls && tls->implicit && !stream_.tls()) {
    const ScriptStep handshake{ScriptStep::Kind::handshake, {}, 1, {}};
    goes_on = co_await perform(handshake);
  }
  if (goes_on) goes_on = co_await answer("BANNER", {});
  while (goes_on) {
    auto line = co_await read_line();
    goes_on = co_await on_line(std::move(line));
  }
}

Session::Task<void> Session::receive() {
  const auto bytes = co_await stream_.read();
  in_ += bytes;
  if (!shared_.keep_received) co_return;
  shared_.record.with([&](ServerRecord& record) {
    const auto room = kMaxRecord - std::min(kMaxRecord, record.received.size());
    record.received.append(bytes, 0, room);
  });
}

Session::Task<std::string> Session::read_line() {
  while (in_.find('\n') == std::string::npos && in_.size() < kMaxLine) co_await receive();
  const auto end = std::min(in_.find('\n'), in_.size());
  auto line = in_.substr(0, end);
  in_.erase(0, end + 1);
  if (line.ends_with('\r')) line.pop_back();
  co_return line;
}

Session::Task<bool> Session::on_line(std::string line) {
  if (expects_message_) {
    if (line != ".") co_return true;
    expects_message_ = false;
    co_return co_await answer("MESSAGE", {});
  }
  if (!std::exchange(expects_answer_, false)) co_return co_await on_command(std::move(line));
  command_line_ = line;
  if (!login_) co_return co_await answer("ANSWER", line);
  if (line != "*") co_return co_await go_on(login_->answer(line));
  login_.reset();
  co_return co_await answer("ANSWER", line);
}

Session::Task<bool> Session::on_command(std::string line) {
  command_line_ = line;
  const auto space = std::min(line.find(' '), line.size());
  const auto verb = to_upper(line.substr(0, space));
  const bool envelope = verb == "MAIL" || verb == "RCPT";
  const auto argument = envelope ? address_of(line) : std::string(trim(line.substr(space)));
  if (verb == "MAIL") sender_ = argument;
  if (verb == "AUTH" && shared_.script.user && !rule_for(verb, argument)) {
    const bool must_encrypt = shared_.script.tls && !shared_.script.tls->implicit && !stream_.tls();
    if (must_encrypt) {
      say("530 5.7.0 Must issue a STARTTLS command first\r\n");
    } else if (!LoginExchange::knows(argument.substr(0, argument.find(' ')))) {
      say("504 5.5.4 Unrecognized authentication type\r\n");
    } else {
      login_.emplace(*shared_.script.user);
      co_return co_await go_on(login_->begin(argument));
    }
    co_await flush();
    co_return true;
  }
  co_return co_await answer(verb, argument);
}

// The next step of a login that the server checks by itself.
Session::Task<bool> Session::go_on(LoginExchange::Next next) {
  switch (next.kind) {
    case LoginExchange::Next::Kind::challenge:
      say("334 " + next.challenge + "\r\n");
      break;
    case LoginExchange::Next::Kind::malformed:
      login_.reset();
      say("501 5.5.2 Invalid base64 data\r\n");
      break;
    case LoginExchange::Next::Kind::accepted:
      co_return co_await answer("ACCEPTED", {});
    case LoginExchange::Next::Kind::rejected:
      co_return co_await answer("REJECTED", {});
  }
  co_await flush();
  co_return true;
}

const ScriptRule* Session::rule_for(std::string_view command, std::string_view argument) {
  const ScriptMoment moment{command,       argument,   sender_,
                            stream_.tls(), logged_in_, shared_.clock->now() - shared_.started};
  return find_rule(shared_.script, moment, [&](std::size_t rule, const ScriptMoment& at) {
    if (shared_.counts.size() > kMaxCounts) shared_.counts.clear();
    return ++shared_.counts[{rule, std::string(at.sender) + "\n" + std::string(at.argument)}];
  });
}

Session::Task<bool> Session::answer(std::string_view command, std::string_view argument) {
  const auto* const rule = rule_for(command, argument);
  const ScriptMoment moment{command, argument, sender_, stream_.tls(), logged_in_, {}};
  const auto steps = rule ? rule->steps : polite_answer(shared_.script, moment);
  for (const auto& step : steps) {
    if (!co_await perform(step)) co_return false;
  }
  co_await flush();
  co_return true;
}

// The reply's meaning for what the client may say next.
void Session::say(std::string_view text) {
  out_ += text;
  if (text.starts_with("235 ")) logged_in_ = true;
  if (text.starts_with("334")) expects_answer_ = true;
  if (text.starts_with("354")) expects_message_ = true;
}

Session::Task<bool> Session::perform(const ScriptStep& step) {
  using Kind = ScriptStep::Kind;
  if (step.kind == Kind::reply) {
    auto text = step.text + "\r\n";
    replace_all(text, "{command}", command_line_);
    const bool known = login_ && login_->password();
    replace_all(text, "{password}", known ? login_->password()->reveal() : "");
    say(text);
    co_return true;
  }
  if (step.kind == Kind::bytes) {
    say(step.text);
    co_return true;
  }
  co_await flush();
  switch (step.kind) {
    case Kind::repeat:
      co_await send_repeatedly(step);
      co_return true;
    case Kind::delay:
      co_await wait(step.time);
      co_return true;
    case Kind::handshake:
      if (!shared_.tls) co_return false;
      co_await stream_.handshake(*shared_.tls);
      shared_.record.with([](ServerRecord& record) { ++record.handshakes; });
      in_.clear();  // what was said in clear behind STARTTLS does not count (RFC 3207 section 6)
      co_return true;
    case Kind::hang:
      while (true) {
        co_await receive();
        in_.clear();
      }
    case Kind::close:
      co_await stream_.close();
      co_return false;
    case Kind::reset:
      stream_.reset();
      co_return false;
    case Kind::reply:
    case Kind::bytes:
      break;
  }
  co_return false;
}

Session::Task<void> Session::send_repeatedly(const ScriptStep& step) {
  for (std::size_t i = 0; i < step.times; ++i) {
    out_ += step.text;
    if (step.time > Duration::zero() || out_.size() >= kFlushAt) co_await flush();
    if (step.time > Duration::zero()) co_await wait(step.time);
  }
  co_await flush();
}

Session::Task<void> Session::wait(Duration time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(asio::use_awaitable);
}

Session::Task<void> Session::flush() {
  if (out_.empty()) co_return;
  const auto bytes = std::exchange(out_, {});
  co_await stream_.write(bytes);
}

// Keeps the count of clients right however a session ends.
class Presence {
 public:
  Presence(SessionShared& shared, ClientStream& stream) : shared_(shared), stream_(stream) {
    shared_.clients.insert(&stream_);
    shared_.record.with([](ServerRecord& record) {
      ++record.connections;
      record.most_at_once = std::max(record.most_at_once, ++record.open);
    });
  }
  ~Presence() {
    shared_.clients.erase(&stream_);
    shared_.record.with([](ServerRecord& record) { --record.open; });
  }
  Presence(const Presence&) = delete;
  Presence& operator=(const Presence&) = delete;

 private:
  SessionShared& shared_;
  ClientStream& stream_;
};

}  // namespace

asio::awaitable<void> serve_client(std::shared_ptr<SessionShared> shared,
                                   asio::ip::tcp::socket socket) {
  ClientStream stream(std::move(socket));
  const Presence presence(*shared, stream);
  try {
    co_await Session(*shared, stream).run();
  } catch (const std::exception& e) {
    // A client that went away, or gave up a handshake: everyday life for a server.
    log::debug("a demo client's session ended", {{"why", e.what()}});
  }
}

}  // namespace sre
