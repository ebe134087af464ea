#pragma once

#include <cstdint>
#include <string>

namespace sre {

// What tells a file from its earlier self without reading it.
struct FileStamp {
  std::string path;
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t changed_ns = 0;  // since the epoch
  std::int64_t size = -1;       // -1: it is not there
  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

// The file as it is now; links are followed, as Kubernetes changes its volumes by one.
FileStamp stamp_of(const std::string& path);

}  // namespace sre
