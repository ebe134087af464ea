#include "agent/config/secret_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "agent/config/problems.h"

namespace sre {
namespace {

constexpr std::size_t kLongestSecret = 64 * 1024;

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

// A name that is not one may be the secret, written into the wrong key: it is not repeated.
bool is_plain_name(std::string_view text, std::string_view marks) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           marks.find(c) != std::string_view::npos;
  });
}

// The one rule for the text of a secret; `where` names the source in an error.
Result<Secret> accept(std::string text, const std::string& where) {
  if (text.ends_with('\n')) {
    text.pop_back();
    if (text.ends_with('\r')) text.pop_back();
  }
  if (text.empty()) return failure(fmt::format("{} is empty; put the secret there", where));
  if (text.size() > kLongestSecret) {
    return failure(fmt::format("{} is longer than {} bytes; no secret is", where, kLongestSecret));
  }
  if (text.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
    return failure(fmt::format(
        "{} has several lines or a NUL byte; it must hold the secret alone, on one line", where));
  }
  return Secret(std::move(text));
}

Result<Secret> read_file(const std::string& path, bool mode_matters) {
  const OpenFile file(path);
  // Of the opened file, not of the path: nobody can put another in its place in between.
  struct stat status {};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0) {
    return failure(
        fmt::format("cannot read {}: {}; the user that the daemon runs as must be able to",
                    in_quotes(path), describe_errno(errno)));
  }
  if (!S_ISREG(status.st_mode)) {
    return failure(fmt::format("{} is no regular file; name one that holds the secret alone",
                               in_quotes(path)));
  }
  if (mode_matters && (status.st_mode & 077) != 0) {
    return failure(fmt::format("others can read or change {} (mode {:04o}); chmod 600 it",
                               in_quotes(path), status.st_mode & 07777));
  }
  // One byte more than allowed plus a line end tells a file that is too long.
  std::string text(kLongestSecret + 3, '\0');
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
  return accept(std::move(text), in_quotes(path));
}

}  // namespace

Result<Secret> secret_from_file(const std::string& path) {
  return read_file(path, !is_mounted_secret(path));
}

Result<Secret> secret_from_environment(const std::string& variable) {
  if (!is_plain_name(variable, "_")) {
    return failure(
        "this is no name of an environment variable; write one such as "
        "\"SMTP_PASSWORD\", not the secret itself");
  }
  const auto* value = std::getenv(variable.c_str());
  if (value == nullptr) {
    return failure(fmt::format("the environment has no variable {}; set it where the daemon starts",
                               in_quotes(variable)));
  }
  return accept(value, fmt::format("the environment variable {}", in_quotes(variable)));
}

Result<Secret> secret_from_credential(const std::string& name) {
  if (!is_plain_name(name, "_-.") || name.starts_with('.')) {
    return failure(
        "this is no name of a systemd credential; write the part of LoadCredential= "
        "before the colon, not a path and not the secret itself");
  }
  const auto* folder = std::getenv("CREDENTIALS_DIRECTORY");
  if (folder == nullptr) {
    return failure(fmt::format(
        "there is no $CREDENTIALS_DIRECTORY to find {} in; systemd sets it for a unit with "
        "LoadCredential={}:FILE, elsewhere use password_file",
        in_quotes(name), name));
  }
  // The folder is open to the daemon alone; the mode of a file in it shows the mask of an ACL.
  return read_file(std::string(folder) + "/" + name, false);
}

}  // namespace sre
