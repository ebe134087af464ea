#include "agent/config/restart.h"

namespace sre {

std::vector<std::string_view> keys_for_restart(const AgentSettings& started_with,
                                               const AgentSettings& wanted) {
  std::vector<std::string_view> keys;
  if (started_with.state_file != wanted.state_file) keys.emplace_back("state_file");
  if (started_with.duration_histogram != wanted.duration_histogram) {
    keys.emplace_back("duration_histogram");
  }
  return keys;
}

}  // namespace sre
