#include "agent/access/file_stamp.h"

#include <sys/stat.h>

namespace sre {

FileStamp stamp_of(const std::string& path) {
  constexpr std::int64_t kNanoseconds = 1'000'000'000;
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return {path};
  return {path, status.st_dev, status.st_ino,
          status.st_mtim.tv_sec * kNanoseconds + status.st_mtim.tv_nsec, status.st_size};
}

}  // namespace sre
