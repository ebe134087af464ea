#pragma once

#include <string>

#include "agent/base/result.h"

namespace sre {

// A folder that only its maker can read, gone with all it holds when the value dies.
class TemporaryFolder {
 public:
  // Below $TMPDIR, else /tmp; its name begins with `prefix`.
  static Result<TemporaryFolder> make(const std::string& prefix);
  ~TemporaryFolder();
  TemporaryFolder(TemporaryFolder&& other) noexcept;
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;

  const std::string& path() const { return path_; }

 private:
  explicit TemporaryFolder(std::string path) : path_(std::move(path)) {}

  std::string path_;
};

}  // namespace sre
