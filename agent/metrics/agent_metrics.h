#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "agent/base/clock.h"

namespace sre {

// Versions of what runs.
struct BuildInfo {
  std::string version;
  std::string libcurl;
  std::string openssl;
};

// The metrics of the agent itself, held by prometheus-cpp, and those of its process, read from
// `proc` at every scrape. Thread-safe.
class AgentMetrics {
 public:
  AgentMetrics(const BuildInfo& build, std::filesystem::path proc);
  ~AgentMetrics();

  void set_in_flight(std::size_t runs);
  void observe_start_delay(Duration delay);
  void count_skipped(std::string_view cause, std::uint64_t runs);
  void config_reloaded(bool good, WallTime at);
  void set_state_file_usable(bool usable);

  std::string expose() const;

 private:
  struct Families;
  std::unique_ptr<Families> families_;
  const std::filesystem::path proc_;
};

}  // namespace sre
