#include "agent/session/curl_loop.h"

#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <new>
#include <utility>

#include "agent/base/fault.h"
#include "agent/session/openssl_memory.h"

namespace sre {
namespace {

namespace asio = boost::asio;

// libcurl may ask for its turn again and again; once in this many the others get theirs.
constexpr int kMostTurnsAtOnce = 100;

}  // namespace

// Keeps one asynchronous wait going for each direction that libcurl asked for. It lives from the
// first time libcurl asks until libcurl has the socket closed.
class CurlLoop::Watch : public std::enable_shared_from_this<CurlLoop::Watch> {
 public:
  Watch(CurlLoop& loop, CURL* easy, curl_socket_t fd)
      : loop_(loop), easy_(easy), fd_(fd), descriptor_(loop.io_, fd) {}

  void want(int what) {
    wanted_ = what;
    arm(CURL_POLL_IN, asio::posix::descriptor_base::wait_read, CURL_CSELECT_IN);
    arm(CURL_POLL_OUT, asio::posix::descriptor_base::wait_write, CURL_CSELECT_OUT);
  }

  void close() {
    wanted_ = CURL_POLL_NONE;
    boost::system::error_code ignored;
    descriptor_.close(ignored);
  }
  // The socket is closed already. To be called before anybody else can have its number: Asio takes
  // that out of epoll, and a socket of c-ares', say, would then be heard no more.
  void let_go() {
    wanted_ = CURL_POLL_NONE;
    descriptor_.release();
  }
  bool is_of(const CURL* easy) const { return easy_ == easy; }

  asio::posix::stream_descriptor& descriptor() { return descriptor_; }

 private:
  void arm(int direction, asio::posix::descriptor_base::wait_type type, int event) {
    if ((wanted_ & direction) == 0 || (armed_ & direction) != 0) return;
    descriptor_.async_wait(type, [self = shared_from_this(), direction, type,
                                  event](const boost::system::error_code& error) {
      self->armed_ &= ~direction;
      if (error || (self->wanted_ & direction) == 0) return;
      self->loop_.act(self->fd_, event);
      if (auto fault = caught([&] { self->arm(direction, type, event); })) {
        self->loop_.give_up(self->easy_, std::move(fault));
        self->loop_.report_finished();
      }
    });
    armed_ |= direction;
  }

  CurlLoop& loop_;
  CURL* const easy_;  // whose socket it is
  const curl_socket_t fd_;
  asio::posix::stream_descriptor descriptor_;
  int wanted_ = CURL_POLL_NONE;
  int armed_ = CURL_POLL_NONE;
};

CurlLoop::CurlLoop(asio::io_context& io)
    : io_(io), multi_(curl_multi_init()), timer_(io), self_(std::make_shared<CurlLoop*>(this)) {
  if (multi_ == nullptr) throw std::bad_alloc();
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &CurlLoop::on_socket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &CurlLoop::on_timer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
}

CurlLoop::~CurlLoop() {
  for (const auto& [easy, transfer] : active_) curl_multi_remove_handle(multi_, easy);
  curl_multi_cleanup(multi_);
}

// Always a new one: curl_easy_reset() leaves a handle half made where it has no memory, and does
// not tell. That costs 14 us of the 1,000 that a run with TLS takes.
Easy CurlLoop::acquire() {
  Easy easy(curl_easy_init());
  if (!easy) throw std::bad_alloc();
  curl_easy_setopt(easy.get(), CURLOPT_CLOSESOCKETFUNCTION, &CurlLoop::on_close);
  curl_easy_setopt(easy.get(), CURLOPT_CLOSESOCKETDATA, this);
  return easy;
}

void CurlLoop::release(Easy easy) noexcept {
  const auto transfer = active_.find(easy.get());
  if (transfer == active_.end()) return;
  const curl_socket_t fd = transfer->second.socket;
  active_.erase(transfer);
  curl_multi_remove_handle(multi_, easy.get());
  forget(easy.get(), fd);
}

// The socket of a connection that never stood is closed without a call of on_close(). Left here,
// its watch would be taken for that of the next socket with this number, and never see a thing.
void CurlLoop::forget(const CURL* easy, curl_socket_t fd) {
  const auto left = watches_.find(fd);
  if (left == watches_.end() || !left->second->is_of(easy)) return;
  left->second->let_go();
  watches_.erase(left);
}

void CurlLoop::start(CURL* easy, Done done) {
  active_.emplace(easy, Transfer{.done = std::move(done), .fault = nullptr});
  // libcurl answers with a timer of 0 ms: the transfer begins in the next turn of the loop.
  must_act_ = false;
  const bool added = curl_multi_add_handle(multi_, easy) == CURLM_OK;
  if (added && !must_act_) return;
  active_.erase(easy);
  if (added) curl_multi_remove_handle(multi_, easy);
  throw std::bad_alloc();
}

asio::posix::stream_descriptor& CurlLoop::socket(CURL* easy) {
  curl_socket_t fd = CURL_SOCKET_BAD;
  curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &fd);
  return watches_.at(fd)->descriptor();
}

// An error from here would end every transfer of the multi handle, now and later: the one that it
// is about is given up instead.
int CurlLoop::on_socket(CURL* easy, curl_socket_t fd, int what, void* self,
                        void* /*watch*/) noexcept {
  auto& loop = *static_cast<CurlLoop*>(self);
  if (auto fault = caught([&] { loop.watch(easy, fd, what); })) {
    loop.give_up(easy, std::move(fault));
  }
  return 0;
}

// Likewise; libcurl may have its turn without a timer.
int CurlLoop::on_timer(CURLM* /*multi*/, long timeout_ms, void* self) noexcept {
  auto& loop = *static_cast<CurlLoop*>(self);
  if (caught([&] { loop.set_timer(timeout_ms); })) loop.must_act_ = true;
  return 0;
}

// Called by libcurl instead of close(2).
int CurlLoop::on_close(void* self, curl_socket_t fd) noexcept {
  auto& watches = static_cast<CurlLoop*>(self)->watches_;
  const auto found = watches.find(fd);
  if (found == watches.end()) return ::close(fd);  // failed before it was worth waiting for
  found->second->close();
  watches.erase(found);
  return 0;
}

void CurlLoop::watch(CURL* easy, curl_socket_t fd, int what) {
  auto found = watches_.find(fd);
  // Of a transfer that has failed to connect, and is not released yet.
  if (found != watches_.end() && !found->second->is_of(easy)) {
    found->second->let_go();
    watches_.erase(found);
    found = watches_.end();
  }
  if (found == watches_.end()) {
    if (what == CURL_POLL_REMOVE) return;
    found = watches_.emplace(fd, std::make_shared<Watch>(*this, easy, fd)).first;
    const auto transfer = active_.find(easy);
    if (transfer != active_.end()) transfer->second.socket = fd;
  }
  found->second->want(what == CURL_POLL_REMOVE ? CURL_POLL_NONE : what);
}

void CurlLoop::set_timer(long timeout_ms) {
  if (timeout_ms <= 0) timer_.cancel();
  if (timeout_ms < 0) return;
  if (timeout_ms == 0) {
    // Every transfer begins so; a timer would ask the kernel three times for nothing.
    asio::post(io_, [weak = std::weak_ptr(self_)] {
      if (const auto self = weak.lock()) (*self)->act(CURL_SOCKET_TIMEOUT, 0);
    });
    return;
  }
  timer_.expires_after(std::chrono::milliseconds(timeout_ms));
  timer_.async_wait([weak = std::weak_ptr(self_)](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (!error && self) (*self)->act(CURL_SOCKET_TIMEOUT, 0);
  });
}

void CurlLoop::give_up(CURL* easy, std::exception_ptr fault) noexcept {
  const auto found = active_.find(easy);
  if (found == active_.end()) return;
  found->second.fault = std::move(fault);
  has_given_up_ = true;
}

// libcurl does not say whose turn it was that failed, and 7.88.1 leaves a socket behind in its
// tables whose list of transfers has no room: the next one to get that number divides by zero.
// Connections that were handed over take no turns any more.
void CurlLoop::give_up_all() noexcept {
  sound_ = false;
  for (const auto& [easy, transfer] : active_) {
    if (!transfer.done) continue;
    give_up(easy, std::make_exception_ptr(std::bad_alloc()));
    curl_multi_remove_handle(multi_, easy);
    forget(easy, transfer.socket);
  }
}

// OpenSSL had no memory in the turn of this socket, whatever it makes of that: of a server's fault
// nothing is known then, and a handshake that says it waits may wait for ever.
void CurlLoop::give_up_owner(curl_socket_t fd) noexcept {
  for (const auto& [easy, transfer] : active_) {
    if (transfer.done && transfer.socket == fd) {
      give_up(easy, std::make_exception_ptr(std::bad_alloc()));
    }
  }
}

void CurlLoop::act(curl_socket_t fd, int events) {
  for (int turns = 0; turns < kMostTurnsAtOnce; ++turns) {
    ++turn_;
    must_act_ = false;
    int running = 0;
    take_openssl_lack();
    if (curl_multi_socket_action(multi_, fd, events, &running) != CURLM_OK) give_up_all();
    if (take_openssl_lack()) give_up_owner(fd);
    if (!must_act_) break;
    fd = CURL_SOCKET_TIMEOUT;
    events = 0;
  }
  report_finished();
}

void CurlLoop::report_finished() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const auto found = active_.find(message->easy_handle);
    if (found == active_.end() || !found->second.done) continue;
    if (message->data.result != CURLE_OK) forget(found->first, found->second.socket);
    // The handle stays in the multi: curl_easy_send and curl_easy_recv need it there.
    const auto done = std::exchange(found->second.done, nullptr);
    const auto fault = found->second.fault;
    done(message->data.result, fault);
  }
  if (!std::exchange(has_given_up_, false)) return;
  // Looked for anew each time: whoever is told may release or start a transfer.
  const auto untold = [](const auto& one) { return one.second.fault && one.second.done; };
  for (auto next = std::ranges::find_if(active_, untold); next != active_.end();
       next = std::ranges::find_if(active_, untold)) {
    const auto done = std::exchange(next->second.done, nullptr);
    const auto fault = next->second.fault;
    done(CURLE_OUT_OF_MEMORY, fault);
  }
}

}  // namespace sre
