// The least that libcurl costs for the same dialogue: greeting, EHLO, STARTTLS and TLS by
// CURLOPT_CONNECT_ONLY, then AUTH PLAIN and QUIT by curl_easy_send and curl_easy_recv. No schedule,
// no record, no metrics. Prints the CPU time of its own process.

#include <curl/curl.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <chrono>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Settings {
  int addresses = 20;
  int port = 25;
  bool starttls = false;
  std::string ca_file;
  std::string server_name;
  int probes = 1000;
  int rate = 100;  // starts a second
};

// More than ever are under way at once, on a machine that keeps up.
constexpr int kMostAtOnce = 200;

// One connection at a time, again and again.
struct Probe {
  CURL* easy = nullptr;
  curl_socket_t socket = CURL_SOCKET_BAD;  // once libcurl has handed it over
  bool said_quit = false;
  std::string received;
};

// "\0probe@example.com\0secret"
constexpr std::string_view kAuth = "AUTH PLAIN AHByb2JlQGV4YW1wbGUuY29tAHNlY3JldA==\r\n";

class Loop {
 public:
  explicit Loop(const Settings& settings);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // False when the probes did not all end within the time.
  bool run(std::chrono::seconds limit);
  int passed() const { return passed_; }

 private:
  static int on_socket(CURL*, curl_socket_t fd, int what, void* self, void* known) noexcept;
  static int on_timer(CURLM*, long timeout_ms, void* self) noexcept;
  static CURLcode on_ssl_context(CURL*, void* context, void* self) noexcept;

  void start_due(Clock::time_point now);
  void start(Probe& probe);
  void finish(Probe& probe, bool passed);
  void act(curl_socket_t fd, int events);
  void hand_over(Probe& probe, CURLcode code);
  void talk(Probe& probe);
  void say(Probe& probe, std::string_view line);
  Probe* of_socket(curl_socket_t fd);

  const Settings settings_;
  CURLM* multi_ = curl_multi_init();
  X509_STORE* trusted_ = X509_STORE_new();
  int epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
  Clock::time_point timer_ = Clock::time_point::max();
  std::vector<std::unique_ptr<Probe>> probes_;
  std::vector<Probe*> idle_;
  std::vector<Probe*> talking_;  // by socket
  Clock::time_point next_start_ = Clock::now();
  int started_ = 0;
  int ended_ = 0;
  int passed_ = 0;
};

Loop::Loop(const Settings& settings) : settings_(settings) {
  if (!settings.ca_file.empty()) X509_STORE_load_file(trusted_, settings.ca_file.c_str());
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &Loop::on_socket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &Loop::on_timer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  for (int i = 0; i < kMostAtOnce; ++i) {
    probes_.push_back(std::make_unique<Probe>());
    probes_.back()->easy = curl_easy_init();
    idle_.push_back(probes_.back().get());
  }
}

Loop::~Loop() {
  for (auto& probe : probes_) {
    curl_multi_remove_handle(multi_, probe->easy);
    curl_easy_cleanup(probe->easy);
  }
  curl_multi_cleanup(multi_);
  X509_STORE_free(trusted_);
  ::close(epoll_);
}

int Loop::on_socket(CURL*, curl_socket_t fd, int what, void* self, void* known) noexcept {
  auto& loop = *static_cast<Loop*>(self);
  epoll_event event{};
  event.data.fd = fd;
  if (what & CURL_POLL_IN) event.events |= EPOLLIN;
  if (what & CURL_POLL_OUT) event.events |= EPOLLOUT;
  if (what == CURL_POLL_REMOVE) {
    ::epoll_ctl(loop.epoll_, EPOLL_CTL_DEL, fd, nullptr);
  } else if (known != nullptr) {
    ::epoll_ctl(loop.epoll_, EPOLL_CTL_MOD, fd, &event);
  } else {
    ::epoll_ctl(loop.epoll_, EPOLL_CTL_ADD, fd, &event);
    curl_multi_assign(loop.multi_, fd, self);  // anything but null: known from now on
  }
  return 0;
}

int Loop::on_timer(CURLM*, long timeout_ms, void* self) noexcept {
  static_cast<Loop*>(self)->timer_ = timeout_ms < 0
                                         ? Clock::time_point::max()
                                         : Clock::now() + std::chrono::milliseconds{timeout_ms};
  return 0;
}

CURLcode Loop::on_ssl_context(CURL*, void* context, void* self) noexcept {
  auto& loop = *static_cast<Loop*>(self);
  auto* tls = static_cast<SSL_CTX*>(context);
  SSL_CTX_set1_cert_store(tls, loop.trusted_);
  X509_VERIFY_PARAM_set1_host(SSL_CTX_get0_param(tls), loop.settings_.server_name.c_str(), 0);
  SSL_CTX_set_verify(tls, SSL_VERIFY_PEER, nullptr);
  return CURLE_OK;
}

// Evenly spread, as the agent's schedule does it.
void Loop::start_due(Clock::time_point now) {
  while (started_ < settings_.probes && now >= next_start_ && !idle_.empty()) {
    Probe& probe = *idle_.back();
    idle_.pop_back();
    start(probe);
    next_start_ += std::chrono::nanoseconds{std::chrono::seconds{1}} / settings_.rate;
  }
}

void Loop::start(Probe& probe) {
  const int address = started_++ % settings_.addresses + 1;
  const auto url = "smtp://127.77.0." + std::to_string(address) + ":" +
                   std::to_string(settings_.port) + "/monitor.example.com";
  CURL* easy = probe.easy;
  curl_easy_reset(easy);
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, 15000L);
  curl_easy_setopt(easy, CURLOPT_PRIVATE, &probe);
  if (settings_.starttls) {
    curl_easy_setopt(easy, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
    // The callback verifies, with roots that are loaded once.
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
    curl_easy_setopt(easy, CURLOPT_CAINFO, nullptr);
    curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, &Loop::on_ssl_context);
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, this);
  }
  curl_multi_add_handle(multi_, easy);
}

void Loop::finish(Probe& probe, bool passed) {
  if (probe.socket != CURL_SOCKET_BAD) {
    ::epoll_ctl(epoll_, EPOLL_CTL_DEL, probe.socket, nullptr);
    talking_[static_cast<std::size_t>(probe.socket)] = nullptr;
  }
  curl_multi_remove_handle(multi_, probe.easy);
  probe = Probe{.easy = probe.easy, .received = {}};
  ++ended_;
  if (passed) ++passed_;
  idle_.push_back(&probe);
}

void Loop::hand_over(Probe& probe, CURLcode code) {
  if (code == CURLE_OK) curl_easy_getinfo(probe.easy, CURLINFO_ACTIVESOCKET, &probe.socket);
  if (probe.socket == CURL_SOCKET_BAD) return finish(probe, false);
  const auto index = static_cast<std::size_t>(probe.socket);
  if (talking_.size() <= index) talking_.resize(index + 1);
  talking_[index] = &probe;
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = probe.socket;
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, probe.socket, &event);
  say(probe, kAuth);
}

void Loop::say(Probe& probe, std::string_view line) {
  std::size_t sent = 0;
  const auto code = curl_easy_send(probe.easy, line.data(), line.size(), &sent);
  // A line of this size always fits into an empty socket.
  if (code != CURLE_OK || sent != line.size()) finish(probe, false);
}

void Loop::talk(Probe& probe) {
  std::array<char, 1024> chunk;
  std::size_t got = 0;
  const auto code = curl_easy_recv(probe.easy, chunk.data(), chunk.size(), &got);
  if (code == CURLE_AGAIN) return;
  if (code != CURLE_OK || got == 0) return finish(probe, false);
  probe.received.append(chunk.data(), got);
  if (!probe.received.ends_with("\r\n")) return;
  const std::string reply = std::exchange(probe.received, {});
  if (probe.said_quit) return finish(probe, reply.starts_with("221"));
  if (!reply.starts_with("235")) return finish(probe, false);
  probe.said_quit = true;
  say(probe, "QUIT\r\n");
}

Probe* Loop::of_socket(curl_socket_t fd) {
  const auto index = static_cast<std::size_t>(fd);
  return index < talking_.size() ? talking_[index] : nullptr;
}

void Loop::act(curl_socket_t fd, int events) {
  int running = 0;
  curl_multi_socket_action(multi_, fd, events, &running);
  int left = 0;
  while (const auto* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    Probe* probe = nullptr;
    const auto code = message->data.result;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &probe);
    hand_over(*probe, code);
  }
}

bool Loop::run(std::chrono::seconds limit) {
  const auto end = Clock::now() + limit;
  std::array<epoll_event, 256> events;
  while (ended_ < settings_.probes) {
    auto now = Clock::now();
    if (now > end) return false;
    start_due(now);
    const auto start = started_ < settings_.probes ? next_start_ : end;
    const auto until = std::min({timer_, start, now + std::chrono::milliseconds{500}});
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(until - now).count();
    const int count = ::epoll_wait(epoll_, events.data(), events.size(),
                                   static_cast<int>(std::max<decltype(wait)>(wait, 0)));
    for (int i = 0; i < count; ++i) {
      const auto& event = events[static_cast<std::size_t>(i)];
      if (auto* probe = of_socket(event.data.fd)) {
        talk(*probe);
        continue;
      }
      const int in = event.events & (EPOLLIN | EPOLLHUP | EPOLLERR) ? CURL_CSELECT_IN : 0;
      const int out = event.events & EPOLLOUT ? CURL_CSELECT_OUT : 0;
      act(event.data.fd, in | out);
    }
    if (Clock::now() >= timer_) {
      timer_ = Clock::time_point::max();
      act(CURL_SOCKET_TIMEOUT, 0);
    }
  }
  return true;
}

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app(
      "Probes at a steady rate with nothing but libcurl, and prints what that costs, as JSON");
  app.add_option("--addresses", settings.addresses, "of bench_server");
  app.add_option("--port", settings.port, "of bench_server")->required();
  app.add_flag("--starttls", settings.starttls);
  app.add_option("--ca-file", settings.ca_file, "trusted roots, PEM");
  app.add_option("--server-name", settings.server_name, "expected in the certificate");
  app.add_option("--probes", settings.probes);
  app.add_option("--rate", settings.rate, "starts a second")->check(CLI::Range(1, 10000));
  CLI11_PARSE(app, argc, argv);
  curl_global_init(CURL_GLOBAL_DEFAULT);
  Loop loop(settings);
  const double before = cpu_seconds();
  const bool in_time = loop.run(std::chrono::seconds{120});
  const double cpu = cpu_seconds() - before;
  std::cout << nlohmann::json{{"probes", settings.probes},
                              {"passed", loop.passed()},
                              {"cpu_seconds", cpu}}
                   .dump()
            << std::endl;
  return in_time && loop.passed() == settings.probes ? 0 : 1;
}
