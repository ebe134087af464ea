#include "agent/daemon/open_files.h"

#include <sys/resource.h>

#include "agent/base/log.h"
#include "agent/daemon/prober.h"
#include "agent/web/http_server.h"

namespace sre {
namespace {

// The state file, standard streams, listening sockets, event loops; and of DNS questions, which are
// short, a few at once.
constexpr std::size_t kBesides = 64;

std::size_t limit_now() {
  rlimit limit{};
  return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : RLIM_INFINITY;
}

}  // namespace

void raise_open_file_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);  // where a sandbox forbids it, what there is has to do
}

void warn_of_few_open_files(std::size_t max_in_flight) {
  const std::size_t runs = max_in_flight + most_ad_hoc(max_in_flight);
  const std::size_t wanted = runs + HttpLimits{}.connections + kBesides;
  const std::size_t limit = limit_now();
  if (wanted <= limit) return;
  log::warn(
      "few open files are allowed: with many checks and readers at once some will fail; raise "
      "LimitNOFILE (ulimit -n) or lower max_in_flight",
      {{"allowed", limit}, {"wanted", wanted}});
}

}  // namespace sre
