#include "agent/record/state_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <utility>

namespace sre {
namespace {

// Who has the lock, for whoever is turned down. The host, because a container's process is
// always 1.
void sign(int descriptor) {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  const auto text = fmt::format("process {} on {}", ::getpid(), host.data());
  // An old signature behind the new one, or none, is the worst that can come of an error.
  if (::ftruncate(descriptor, 0) != 0) return;
  [[maybe_unused]] const auto written = ::pwrite(descriptor, text.data(), text.size(), 0);
}

std::string holder(int descriptor) {
  std::array<char, 512> text{};
  const auto length = ::pread(descriptor, text.data(), text.size(), 0);
  if (length <= 0) return "unknown";
  return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace

StateResult<StateLock> StateLock::take(const std::filesystem::path& file) {
  constexpr int kMode = 0600;
  const int descriptor =
      ::open((file.string() + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kMode);
  StateLock lock(descriptor);
  if (descriptor < 0) return lock;
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) {
    sign(descriptor);
  } else if (errno == EWOULDBLOCK) {
    return tl::unexpected(
        StateError{StateError::Kind::unavailable,
                   fmt::format("another agent uses it ({}); give each its own state_file",
                               holder(descriptor))});
  }
  return lock;
}

StateLock::StateLock(StateLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

StateLock& StateLock::operator=(StateLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

StateLock::~StateLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace sre
