#pragma once

#include <filesystem>
#include <optional>

namespace sre {

// What the kernel says of this process.
struct ProcessFacts {
  double cpu_seconds = 0;
  double resident_bytes = 0;
  double virtual_bytes = 0;
  double open_fds = 0;
  double max_fds = 0;
  double start_time = 0;  // seconds since 1970
};

// Reads it from below `proc` (proc(5)); nothing where that is not mounted or not readable.
std::optional<ProcessFacts> read_process(const std::filesystem::path& proc);

}  // namespace sre
