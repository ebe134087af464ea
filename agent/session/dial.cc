#include "agent/session/dial.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <new>
#include <stdexcept>
#include <utility>

#include "agent/base/fault.h"
#include "agent/base/text.h"
#include "agent/session/dial_fault.h"
#include "agent/session/missing_reply.h"

namespace sre {
namespace {

namespace asio = boost::asio;

// An option that this libcurl does not take would silently change what is measured.
template <class T>
void set_option(CURL* easy, CURLoption option, T value) {
  const CURLcode result = curl_easy_setopt(easy, option, value);
  if (result == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
  if (result != CURLE_OK) {
    throw std::runtime_error(
        fmt::format("libcurl option {}: {}", static_cast<int>(option), curl_easy_strerror(result)));
  }
}

bool is_v6(std::string_view host) { return host.find(':') != std::string_view::npos; }

std::string bracketed(std::string_view host) {
  return is_v6(host) ? fmt::format("[{}]", host) : std::string(host);
}

// The path of an smtp URL is the name to say in EHLO.
std::string escaped(std::string_view text) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  for (const char c : text) {
    if (kPlain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

// A check that ends before STARTTLS leaves the connection as it is.
long use_ssl(TlsMode mode, Phase until) {
  if (until < Phase::starttls) return CURLUSESSL_NONE;
  if (mode == TlsMode::starttls) return CURLUSESSL_ALL;
  return mode == TlsMode::opportunistic ? CURLUSESSL_TRY : CURLUSESSL_NONE;
}

const std::string& verified_name(const Target& target, const Endpoint& endpoint) {
  return target.server_name.empty() ? endpoint.host : target.server_name;
}

Phase phase_of_command(std::string_view line) {
  return starts_with_ignoring_case(line, "STARTTLS") ? Phase::starttls : Phase::ehlo;
}

}  // namespace

Dial::Dial(asio::io_context& io, CurlLoop& loop, Recorder& recorder, const Check& check,
           const Endpoint& endpoint, X509_STORE* trusted)
    : loop_(loop),
      recorder_(recorder),
      check_(check),
      endpoint_(endpoint),
      easy_(loop.acquire()),
      event_(io),
      tls_(trusted, verified_name(*check.target, endpoint),
           [this](const std::exception_ptr& fault) { fault ? fail(fault) : handshake_done(); }),
      error_text_(CURL_ERROR_SIZE, '\0') {
  set_options();
}

Dial::~Dial() { loop_.release(std::move(easy_)); }

void Dial::set_options() {
  const Target& target = *check_.target;
  CURL* easy = easy_.get();
  const auto url =
      fmt::format("{}://{}:{}/{}", target.tls == TlsMode::implicit ? "smtps" : "smtp",
                  bracketed(verified_name(target, endpoint_)), target.port, escaped(check_.helo));
  set_option(easy, CURLOPT_URL, url.c_str());
  set_option(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  set_option(easy, CURLOPT_CONNECT_ONLY, 1L);
  set_option(easy, CURLOPT_USE_SSL, use_ssl(target.tls, check_.until));
  set_option(easy, CURLOPT_PROXY, "");  // whatever the environment says
  set_option(easy, CURLOPT_NOSIGNAL, 1L);
  set_option(easy, CURLOPT_FRESH_CONNECT, 1L);
  set_option(easy, CURLOPT_QUICK_EXIT, 1L);
  // The session keeps the time itself; libcurl's own limit must only not come before it.
  set_option(easy, CURLOPT_CONNECTTIMEOUT_MS, 24L * 3600 * 1000);
  set_option(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, 24L * 3600);
  set_option(easy, CURLOPT_OPENSOCKETFUNCTION, &Dial::on_open);
  set_option(easy, CURLOPT_OPENSOCKETDATA, this);
  set_option(easy, CURLOPT_ERRORBUFFER, error_text_.data());
  set_option(easy, CURLOPT_VERBOSE, 1L);
  set_option(easy, CURLOPT_DEBUGFUNCTION, &Dial::on_debug);
  set_option(easy, CURLOPT_DEBUGDATA, this);
  if (!target.source_address.empty()) {
    set_option(easy, CURLOPT_INTERFACE, fmt::format("host!{}", target.source_address).c_str());
  }

  // The address was chosen before; the name stays for SNI and the certificate.
  connect_to_.reset(curl_slist_append(
      nullptr, fmt::format("::{}:{}", bracketed(endpoint_.address), target.port).c_str()));
  // With an empty list libcurl would look the name up by itself.
  if (!connect_to_) throw std::bad_alloc();
  set_option(easy, CURLOPT_CONNECT_TO, connect_to_.get());

  // The certificate is looked at by TlsObserver, and judged before a secret leaves.
  set_option(easy, CURLOPT_SSL_VERIFYPEER, 0L);
  set_option(easy, CURLOPT_SSL_VERIFYHOST, 0L);
  set_option(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);  // a resumed session shows no certificate
  set_option(easy, CURLOPT_SSL_CTX_FUNCTION, &Dial::on_ssl_context);
  set_option(easy, CURLOPT_SSL_CTX_DATA, this);
}

asio::awaitable<bool> Dial::open(Instant connect_by, Deadline& deadline) {
  dialled_ = recorder_.now();
  recorder_.begin_at(dialled_, Phase::connect,
                     fmt::format("{}:{}", bracketed(endpoint_.address), check_.target->port));
  loop_.start(easy_.get(),
              [this](CURLcode result, const std::exception_ptr& fault) { finish(result, fault); });
  const Deadline::Guard guard(deadline, [this] { wake(); });
  for (Instant until = connect_by; !woken_; until = Instant::max()) {
    event_.expires_at(until);
    boost::system::error_code ignored;
    co_await event_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    if (!woken_ && connect_time() == Duration::zero()) break;
  }
  if (fault_) std::rethrow_exception(fault_);
  if (recorder_.has_fault()) co_return false;
  if (!result_) {
    note_timeout();
    co_return false;
  }
  if (*result_ != CURLE_OK) {
    note_fault();
    co_return false;
  }
  recorder_.end();
  co_return true;
}

void Dial::finish(CURLcode result, const std::exception_ptr& fault) {
  result_ = result;
  if (fault) fault_ = fault;
  wake();
}

void Dial::fail(std::exception_ptr fault) noexcept {
  fault_ = std::move(fault);
  wake();
}

void Dial::wake() {
  woken_ = true;
  event_.cancel();
}

int Dial::on_debug(CURL* /*easy*/, curl_infotype type, char* data, std::size_t size,
                   void* self) noexcept {
  auto* dial = static_cast<Dial*>(self);
  if (dial->woken_) return 0;  // handed over, or given up
  const std::string_view line(data, size);
  auto fault = caught([&] {
    if (type == CURLINFO_HEADER_IN) dial->heard(line);
    if (type == CURLINFO_HEADER_OUT) dial->said(line);
    // A line beyond libcurl's own limit reaches us mangled; only its remark tells.
    if (type == CURLINFO_TEXT && line.starts_with("Excessive server response line length")) {
      dial->connected();
      dial->violate(dial->recorder_.phase(), "a line far longer than SMTP allows");
    }
  });
  if (fault) dial->fail(std::move(fault));
  return 0;
}

curl_socket_t Dial::on_open(void* self, curlsocktype /*purpose*/, curl_sockaddr* address) noexcept {
  auto* dial = static_cast<Dial*>(self);
  dial->socket_ = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  if (dial->socket_ == CURL_SOCKET_BAD) dial->socket_error_ = errno;
  return dial->socket_;
}

CURLcode Dial::on_ssl_context(CURL* /*easy*/, void* context, void* self) noexcept {
  auto* dial = static_cast<Dial*>(self);
  // With implicit TLS the handshake begins as soon as the connection is there; else the 220 to
  // STARTTLS has opened its step already.
  auto fault = caught([&] {
    if (dial->check_.target->tls != TlsMode::implicit) return;
    dial->connected();
    dial->recorder_.begin(Phase::tls);
  });
  if (fault) {
    dial->fail(std::move(fault));
    return CURLE_OUT_OF_MEMORY;
  }
  return dial->tls_.attach(static_cast<SSL_CTX*>(context)) ? CURLE_OK : CURLE_OUT_OF_MEMORY;
}

void Dial::connected() {
  if (std::exchange(is_connected_, true)) return;
  const Instant at = dialled_ + connect_time();
  recorder_.end_at(at);
  if (check_.target->tls != TlsMode::implicit) recorder_.begin_at(at, Phase::banner);
}

// Zero until the TCP connection stands.
Duration Dial::connect_time() const {
  curl_off_t microseconds = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_CONNECT_TIME_T, &microseconds);
  return std::chrono::microseconds(microseconds);
}

void Dial::handshake_done() {
  recorder_.end();
  recorder_.transcript().tls = tls_.facts();
  if (check_.target->tls == TlsMode::implicit) recorder_.begin(Phase::banner);
}

// One line, always complete. It comes before libcurl acts on it.
void Dial::heard(std::string_view line) {
  connected();
  const Phase phase = recorder_.phase();
  if (came_unasked(phase)) {
    return violate(phase, "the server sent a reply that no command asked for");
  }
  switch (parser_.push(line)) {
    case ReplyParser::Status::incomplete:
      return;
    case ReplyParser::Status::violation:
      return violate(phase, parser_.violation());
    case ReplyParser::Status::complete:
      break;
  }
  Reply reply = parser_.take();
  if (phase == Phase::ehlo && reply.code == 250) {
    auto& transcript = recorder_.transcript();
    (transcript.tls ? transcript.ehlo_after_tls : transcript.ehlo_before_tls) = parse_ehlo(reply);
  }
  const bool starts_tls = phase == Phase::starttls && reply.code == 220;
  recorder_.answer(std::move(reply));
  if (starts_tls) recorder_.begin(Phase::tls);
}

// A reply that libcurl had in its buffer when it sent the command is not the command's reply; taken
// for it, every later reply would be off by one. One behind the last EHLO answer in the same packet
// stays in libcurl's cache at the hand-over, unseen, and is taken for nothing.
bool Dial::came_unasked(Phase phase) const {
  return phase != Phase::banner && loop_.turn() == said_in_turn_;
}

void Dial::violate(Phase phase, std::string_view what) {
  recorder_.fault(phase, Reason::protocol_violation, what, &parser_.partial());
  wake();
}

void Dial::said(std::string_view line) {
  said_in_turn_ = loop_.turn();
  const auto command = trim(line);
  recorder_.begin(phase_of_command(command), std::string(command));
}

void Dial::note_fault() {
  if (connect_time() > Duration::zero()) connected();
  DialEnd end;
  end.result = *result_;
  curl_easy_getinfo(easy_.get(), CURLINFO_OS_ERRNO, &end.os_error);
  if (socket_error_ != 0) end.os_error = socket_error_;
  end.error_text = error_text_.c_str();
  end.connected = is_connected_;
  end.phase = recorder_.phase();
  end.last_reply = recorder_.last_reply();
  end.reply_began = !parser_.partial().lines.empty();
  const auto& ehlo = recorder_.transcript().ehlo_before_tls;
  end.ehlo = ehlo ? &*ehlo : nullptr;
  end.source_address = check_.target->source_address;
  end.to_v4 = !is_v6(endpoint_.address);
  const auto fault = explain(end);
  if (fault) recorder_.fault(fault->phase, fault->reason, fault->detail, &parser_.partial());
  failed_to_connect_ = !is_connected_;
}

void Dial::note_timeout() {
  if (connect_time() > Duration::zero()) connected();
  failed_to_connect_ = !is_connected_;
  if (!is_connected_) {
    recorder_.fault(Phase::connect, Reason::connect_timeout, "no connection in time");
  } else {
    const Reply& partial = parser_.partial();
    recorder_.fault(recorder_.phase(), Reason::read_timeout, not_in_time(!partial.lines.empty()),
                    &partial);
    part();
  }
}

// QUIT without waiting, on a connection that libcurl does not give away yet. Only where EHLO was
// not answered, and in clear: before the banner a client has nothing to say (servers count it as
// abuse), after STARTTLS the next bytes are TLS, and into libcurl's TLS there is no way.
void Dial::part() {
  if (recorder_.phase() != Phase::ehlo || recorder_.transcript().tls) return;
  recorder_.begin(Phase::quit, "QUIT");
  constexpr std::string_view kLine = "QUIT\r\n";
  ::send(socket_, kLine.data(), kLine.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  recorder_.end();
}

}  // namespace sre
