#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "agent/base/result.h"

namespace sre {

// Who may read a file, beside its owner, without it being a mistake. That anybody may change it is
// one always.
enum class Readers : std::uint8_t { anybody, group, owner };

// The first `limit` bytes of a regular file. The Error names the path, what is wrong and the cure:
// it cannot be read, it is no regular file, or its mode lets others read or change it.
//
// Files that a container platform or systemd mounts have the modes of the platform, which guards
// them in its own way: below /run/secrets, /var/run/secrets and /run/credentials, and beside the
// link `..data` of a Kubernetes volume, the mode is not looked at.
Result<std::string> read_file(const std::string& path, std::size_t limit, Readers readers);

}  // namespace sre
