#include "agent/base/thread.h"

#include <pthread.h>
#include <signal.h>

namespace sre {

void begin_thread(const char* name) noexcept {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, nullptr);
  pthread_setname_np(pthread_self(), name);
}

}  // namespace sre
