#include "agent/cli/temporary_folder.h"

#include <fmt/format.h>
#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): mkdtemp is POSIX

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

namespace sre {

Result<TemporaryFolder> TemporaryFolder::make(const std::string& prefix) {
  std::error_code error;
  const auto parent = std::filesystem::temp_directory_path(error);
  if (error) return failure(fmt::format("no folder for temporary files: {}", error.message()));
  std::string path = (parent / (prefix + "_XXXXXX")).string();
  if (::mkdtemp(path.data()) == nullptr) {
    return failure(fmt::format("cannot make a folder in {}: {}", parent.string(),
                               std::system_category().message(errno)));
  }
  return TemporaryFolder(std::move(path));
}

TemporaryFolder::TemporaryFolder(TemporaryFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

TemporaryFolder::~TemporaryFolder() {
  if (path_.empty()) return;
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace sre
