#include "agent/cli/terminal.h"

#include <unistd.h>

#include <cstdlib>

namespace sre {

bool wants_color(int descriptor) {
  const char* no_color = std::getenv("NO_COLOR");  // NOLINT(concurrency-mt-unsafe)
  return isatty(descriptor) == 1 && (no_color == nullptr || *no_color == '\0');
}

}  // namespace sre
