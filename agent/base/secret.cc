#include "agent/base/secret.h"

#include <atomic>

namespace sre {

void Secret::wipe() noexcept {
  // A short string lies within the object, and stays there when it is moved from or swapped.
  text_.resize(text_.capacity());
  // Volatile, so that the compiler keeps writes to memory that nobody reads again.
  volatile char* p = text_.data();
  for (std::size_t i = 0; i < text_.size(); ++i) p[i] = '\0';
  std::atomic_signal_fence(std::memory_order_seq_cst);
  text_.clear();
}

}  // namespace sre
