#include "agent/base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "agent/base/problems.h"

namespace sre {
namespace {

std::string describe_errno(int number) { return std::generic_category().message(number); }

// A file descriptor that is closed at the end of its scope.
class OpenFile {
 public:
  // Without O_NONBLOCK the open of a FIFO would wait for somebody to write to it.
  explicit OpenFile(const std::string& path)
      : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

// True for files whose modes a platform has chosen, for all that it mounts.
bool is_mounted_secret(const std::string& path) {
  constexpr std::array<std::string_view, 3> kMounts = {"/run/secrets/", "/var/run/secrets/",
                                                       "/run/credentials/"};
  // ".." could lead out of the mount again.
  const auto normal = std::filesystem::path(path).lexically_normal();
  const bool below = std::any_of(kMounts.begin(), kMounts.end(), [&](std::string_view mount) {
    return normal.native().starts_with(mount);
  });
  std::error_code ignored;
  return below || std::filesystem::is_symlink(normal.parent_path() / "..data", ignored);
}

// The error of a mode that lets too many in; empty where it does not.
std::string exposure(const std::string& path, mode_t mode, Readers readers) {
  struct Rule {
    mode_t wrong;
    std::string_view what;
    std::string_view cure;
  };
  const auto rule = readers == Readers::anybody ? Rule{002, "change", "644"}
                    : readers == Readers::group ? Rule{027, "read or change", "640"}
                                                : Rule{077, "read or change", "600"};
  if ((mode & rule.wrong) == 0 || is_mounted_secret(path)) return "";
  return fmt::format("others can {} {} (mode {:04o}); chmod {} it", rule.what, in_quotes(path),
                     mode & 07777, rule.cure);
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t limit, Readers readers) {
  const OpenFile file(path);
  // Of the opened file, not of the path: nobody can put another in its place in between.
  struct stat status {};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0) {
    return failure(
        fmt::format("cannot read {}: {}; the user that the daemon runs as must be able to",
                    in_quotes(path), describe_errno(errno)));
  }
  if (!S_ISREG(status.st_mode)) {
    const auto* cure = readers == Readers::anybody ? "" : "; name one that holds the secret alone";
    return failure(fmt::format("{} is no regular file{}", in_quotes(path), cure));
  }
  auto exposed = exposure(path, status.st_mode, readers);
  if (!exposed.empty()) return failure(std::move(exposed));
  std::string text(limit, '\0');
  std::size_t used = 0;
  while (used < text.size()) {
    const auto got = ::read(file.get(), text.data() + used, text.size() - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      return failure(fmt::format("cannot read {}: {}", in_quotes(path), describe_errno(errno)));
    }
    if (got == 0) break;
    used += static_cast<std::size_t>(got);
  }
  text.resize(used);
  return text;
}

}  // namespace sre
