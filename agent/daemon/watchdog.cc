#include "agent/daemon/watchdog.h"

#include <utility>

#include "agent/base/log.h"
#include "agent/daemon/notify.h"

namespace sre {

// Nobody has been asked yet, so nobody owes an answer.
Watchdog::Watchdog(std::vector<WatchedThread> threads) {
  for (auto& thread : threads) {
    threads_.push_back({std::move(thread), std::make_shared<std::atomic<bool>>(true)});
  }
}

void Watchdog::look() {
  bool all_answered = true;
  for (const auto& asked : threads_) {
    if (*asked.answered) continue;
    all_answered = false;
    log::warn("a thread does not answer, systemd is not told that all is well",
              {{"thread", asked.thread.name}});
  }
  if (!all_answered) return;
  notify_alive();
  for (auto& asked : threads_) {
    *asked.answered = false;
    asked.thread.ask([answered = asked.answered] { *answered = true; });
  }
}

}  // namespace sre
