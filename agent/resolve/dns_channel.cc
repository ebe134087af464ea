#include "agent/resolve/dns_channel.h"

#include <ares.h>
#include <arpa/nameser.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <exception>
#include <map>
#include <system_error>

#include "agent/base/fault.h"
#include "agent/resolve/resolver.h"

namespace sre {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

// c-ares waits 2 s for a server, then 4 s, then 8 s; the check's own deadline usually comes first.
constexpr int kFirstTimeoutMs = 2000;
constexpr int kTries = 3;

// One of c-ares' sockets. c-ares opens and closes it; the descriptor only watches.
struct Watched {
  Watched(asio::io_context& io, int fd) : descriptor(io, fd) {}
  asio::posix::stream_descriptor descriptor;
  bool open = true;
  std::array<bool, 2> wanted{};   // read, write
  std::array<bool, 2> waiting{};  // likewise
};

// c-ares turns every answer that is a refusal into ARES_ECONNREFUSED once it has no more servers to
// try, as if nobody had answered, and does so where it had no socket to ask by. So its system calls
// are made here, where both pass by.
struct Passing {
  int refusal = ARES_SUCCESS;  // the last answer that was one
  int socket_error = 0;        // errno of the last socket that could not be had
};

int open_socket(int family, int type, int protocol, void* passing) noexcept {
  const int fd = ::socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
  if (fd < 0) static_cast<Passing*>(passing)->socket_error = errno;
  return fd;
}
int close_socket(ares_socket_t fd, void*) noexcept { return ::close(fd); }
int connect_socket(ares_socket_t fd, const sockaddr* to, ares_socklen_t size, void*) noexcept {
  return ::connect(fd, to, size);
}
ares_ssize_t send_message(ares_socket_t fd, const iovec* parts, int count, void*) noexcept {
  return ::writev(fd, parts, count);
}
ares_ssize_t receive_message(ares_socket_t fd, void* buffer, std::size_t size, int flags,
                             sockaddr* from, ares_socklen_t* from_size, void* passing) noexcept {
  const auto got = ::recvfrom(fd, buffer, size, flags, from, from_size);
  constexpr ares_ssize_t kHeader = 12;
  if (got >= kHeader) {
    const int code = static_cast<const unsigned char*>(buffer)[3] & 0x0F;
    int& refusal = static_cast<Passing*>(passing)->refusal;
    if (code == ns_r_servfail) refusal = ARES_ESERVFAIL;
    if (code == ns_r_refused) refusal = ARES_EREFUSED;
    if (code == ns_r_notimpl) refusal = ARES_ENOTIMP;
  }
  return got;
}
constexpr ares_socket_functions kSystemCalls = {open_socket, close_socket, connect_socket,
                                                receive_message, send_message};

bool is_host_name(std::string_view name) {
  return std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

std::string text_of(const sockaddr* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* raw = nullptr;
  if (address->sa_family == AF_INET) {
    raw = &reinterpret_cast<const sockaddr_in*>(address)->sin_addr;
  } else if (address->sa_family == AF_INET6) {
    raw = &reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr;
  }
  if (raw == nullptr) return "";
  const char* done = ares_inet_ntop(address->sa_family, raw, text.data(), text.size());
  return done == nullptr ? "" : done;
}

}  // namespace

DnsAnswer::DnsAnswer() : status(ARES_ETIMEOUT) {}

std::vector<DnsAnswer::Item> addresses_of(const ares_addrinfo* info) {
  std::vector<DnsAnswer::Item> items;
  for (const auto* node = info == nullptr ? nullptr : info->nodes; node != nullptr;
       node = node->ai_next) {
    const std::string text = text_of(node->ai_addr);
    if (text.empty() || std::ranges::any_of(items, [&](auto& i) { return i.text == text; })) {
      continue;
    }
    items.push_back({text, std::chrono::seconds{std::max(node->ai_ttl, 0)}, 0});
    if (items.size() == kMostAnswers) break;
  }
  return items;
}

// Shared with the handlers that wait in the loop: they hold it weakly, and find it gone when the
// channel is.
class DnsChannel::State : public std::enable_shared_from_this<State> {
 public:
  // What c-ares gives back with an answer.
  struct Question {
    State* state;
    DnsAnswer* answer;
  };

  explicit State(asio::io_context& loop) : io(loop), timeout(loop), answered(loop) {}

  void open(const std::string& servers);
  void close();
  void ask(DnsAnswer& answer, const std::function<void(void*)>& put);
  void on_answer(DnsAnswer& answer, int answer_status) noexcept;
  void fail(std::exception_ptr what) noexcept;

  asio::io_context& io;
  ares_channel channel = nullptr;
  int status = ARES_ENOTINITIALIZED;
  Passing passing;
  std::exception_ptr fault;  // of our own, where c-ares stood between it and wait()
  std::size_t pending = 0;
  std::map<int, std::shared_ptr<Watched>> sockets;
  asio::steady_timer timeout;   // of c-ares
  asio::steady_timer answered;  // what wait() sleeps on

 private:
  static void on_socket(void* self, ares_socket_t fd, int readable, int writable) noexcept;
  void on_socket(ares_socket_t fd, bool readable, bool writable);
  void watch(const std::shared_ptr<Watched>& socket, bool write);
  void process(int readable, int writable);
  void set_timeout();
};

void DnsChannel::State::open(const std::string& servers) {
  ares_options options{};
  options.timeout = kFirstTimeoutMs;
  options.tries = kTries;
  char dns_only[] = "b";  // c-ares copies it
  options.lookups = dns_only;
  options.sock_state_cb = on_socket;
  options.sock_state_cb_data = this;
  status = ares_init_options(
      &channel, &options,
      ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS | ARES_OPT_SOCK_STATE_CB);
  if (status != ARES_SUCCESS) return;
  ares_set_socket_functions(channel, &kSystemCalls, &passing);
  if (!servers.empty()) {
    status = ares_set_servers_ports_csv(channel, servers.c_str());
  }
}

void DnsChannel::State::close() {
  // Answers what is pending with ARES_EDESTRUCTION and closes the sockets, through on_socket().
  if (channel != nullptr) ares_destroy(channel);
  channel = nullptr;
  timeout.cancel();
}

void DnsChannel::State::on_socket(void* self, ares_socket_t fd, int readable,
                                  int writable) noexcept {
  auto& state = *static_cast<State*>(self);
  state.fail(caught([&] { state.on_socket(fd, readable != 0, writable != 0); }));
}

void DnsChannel::State::on_socket(ares_socket_t fd, bool readable, bool writable) {
  auto found = sockets.find(fd);
  if (!readable && !writable) {
    if (found == sockets.end()) return;
    // c-ares closes the number right after this: asio must have let go of it by then.
    found->second->open = false;
    found->second->descriptor.release();
    sockets.erase(found);
    return;
  }
  if (found == sockets.end()) found = sockets.emplace(fd, std::make_shared<Watched>(io, fd)).first;
  const auto socket = found->second;
  socket->wanted = {readable, writable};
  watch(socket, false);
  watch(socket, true);
}

void DnsChannel::State::watch(const std::shared_ptr<Watched>& socket, bool write) {
  if (!socket->open || !socket->wanted[write] || socket->waiting[write]) return;
  const auto what =
      write ? asio::posix::descriptor_base::wait_write : asio::posix::descriptor_base::wait_read;
  socket->descriptor.async_wait(what, [weak = weak_from_this(), socket, write](error_code error) {
    socket->waiting[write] = false;
    const auto self = weak.lock();
    if (error || !self || self->channel == nullptr || !socket->open) return;
    self->fail(caught([&] {
      const int fd = socket->descriptor.native_handle();
      self->process(write ? ARES_SOCKET_BAD : fd, write ? fd : ARES_SOCKET_BAD);
      self->watch(socket, write);
    }));
  });
  socket->waiting[write] = true;
}

void DnsChannel::State::process(int readable, int writable) {
  ares_process_fd(channel, readable, writable);
  set_timeout();
}

void DnsChannel::State::set_timeout() {
  timeval left{};
  if (ares_timeout(channel, nullptr, &left) == nullptr) {
    timeout.cancel();
    return;
  }
  // A millisecond more, or the timer would fire just before the time that c-ares means.
  timeout.expires_after(std::chrono::seconds{left.tv_sec} +
                        std::chrono::microseconds{left.tv_usec} + std::chrono::milliseconds{1});
  timeout.async_wait([weak = weak_from_this()](error_code error) {
    const auto self = weak.lock();
    if (error || !self || self->channel == nullptr) return;
    self->fail(caught([&] { self->process(ARES_SOCKET_BAD, ARES_SOCKET_BAD); }));
  });
}

void DnsChannel::State::ask(DnsAnswer& answer, const std::function<void(void*)>& put) {
  ++pending;
  // Freed by the callback, which c-ares calls exactly once, at the latest in ares_destroy().
  put(std::make_unique<Question>(Question{this, &answer}).release());
  set_timeout();
}

void DnsChannel::State::on_answer(DnsAnswer& answer, int answer_status) noexcept {
  const bool unreached = answer_status == ARES_ECONNREFUSED;
  if (unreached && is_local_fault(passing.socket_error)) {
    fail(caught([this] {
      throw std::system_error(passing.socket_error, std::system_category(), "a socket for the DNS");
    }));
  }
  answer.status = unreached && passing.refusal != ARES_SUCCESS ? passing.refusal : answer_status;
  --pending;
  answered.cancel();
}

void DnsChannel::State::fail(std::exception_ptr what) noexcept {
  if (!what) return;
  fault = std::move(what);
  answered.cancel();
}

DnsChannel::DnsChannel(asio::io_context& io, const std::string& servers)
    : state_(std::make_shared<State>(io)) {
  state_->open(servers);
}

DnsChannel::~DnsChannel() { state_->close(); }

int DnsChannel::status() const { return state_->status; }
std::size_t DnsChannel::pending() const { return state_->pending; }

void DnsChannel::ask_addresses(const std::string& host, int family, DnsAnswer& answer) {
  const auto on_done = [](void* data, int status, int, ares_addrinfo* info) noexcept {
    const std::unique_ptr<State::Question> question(static_cast<State::Question*>(data));
    if (status == ARES_SUCCESS) {
      question->state->fail(caught([&] { question->answer->items = addresses_of(info); }));
    }
    if (info != nullptr) ares_freeaddrinfo(info);
    question->state->on_answer(*question->answer, status);
  };
  ares_addrinfo_hints hints{};
  hints.ai_family = family;
  hints.ai_flags = ARES_AI_NOSORT;
  state_->ask(answer, [&](void* question) {
    ares_getaddrinfo(state_->channel, host.c_str(), nullptr, &hints, on_done, question);
  });
}

void DnsChannel::ask_mail_exchangers(const std::string& domain, DnsAnswer& answer) {
  const auto on_done = [](void* data, int status, int, unsigned char* reply, int size) noexcept {
    const std::unique_ptr<State::Question> question(static_cast<State::Question*>(data));
    ares_mx_reply* list = nullptr;
    if (status == ARES_SUCCESS) status = ares_parse_mx_reply(reply, size, &list);
    auto& items = question->answer->items;
    question->state->fail(caught([&] {
      for (auto* mx = list; mx != nullptr && items.size() < kMostAnswers; mx = mx->next) {
        if (is_host_name(mx->host)) items.push_back({mx->host, {}, mx->priority});
      }
    }));
    if (list != nullptr && items.empty()) status = ARES_EBADRESP;
    if (list != nullptr) ares_free_data(list);
    question->state->on_answer(*question->answer, status);
  };
  state_->ask(answer, [&](void* question) {
    ares_query(state_->channel, domain.c_str(), ns_c_in, ns_t_mx, on_done, question);
  });
}

asio::awaitable<void> DnsChannel::wait(std::size_t left, Instant deadline) {
  const auto state = state_;
  while (state->pending > left && !state->fault) {
    state->answered.expires_at(deadline);
    const auto [error] = co_await state->answered.async_wait(asio::as_tuple(asio::use_awaitable));
    if (!error) break;  // the deadline
  }
  if (state->fault) std::rethrow_exception(state->fault);
}

}  // namespace sre
