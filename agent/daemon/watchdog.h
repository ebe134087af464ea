#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sre {

// A thread that must not stand still, and how to have something called on it.
struct WatchedThread {
  std::string name;
  std::function<void(std::function<void()> answer)> ask;
};

// Tells systemd that the program lives, for as long as each of its threads does: every one is
// asked for an answer, and none is spoken for by another. systemd ends and restarts a program that
// it has not heard of for WatchdogSec=. One thread only.
class Watchdog {
 public:
  explicit Watchdog(std::vector<WatchedThread> threads);

  // To be called several times within WatchdogSec=. If all threads have answered since they were
  // asked, tells systemd so and asks them anew; if not, names those that have not in the log.
  void look();

 private:
  struct Asked {
    WatchedThread thread;
    std::shared_ptr<std::atomic<bool>> answered;  // shared: an answer may outlive the watchdog
  };

  std::vector<Asked> threads_;
};

}  // namespace sre
