#include "agent/base/fault.h"

#include <fmt/format.h>

#include <cerrno>
#include <new>
#include <system_error>

namespace sre {

bool is_local_fault(int error_number) noexcept {
  return error_number == EMFILE || error_number == ENFILE || error_number == ENOMEM ||
         error_number == ENOBUFS || error_number == ENOSPC;
}

std::string describe_local_fault(int error_number) {
  const auto words = std::system_category().message(error_number);
  if (error_number == EMFILE) {
    return "this process has too many open files; raise its limit (LimitNOFILE= in the unit, or "
           "ulimit -n), or lower max_in_flight";
  }
  if (error_number == ENFILE) return "this machine has too many open files; raise fs.file-max";
  if (error_number == ENOMEM) return "this machine is out of memory";
  return fmt::format("this machine has no room: {}", words);
}

std::string describe(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) return describe_local_fault(ENOMEM);
  const auto* system = dynamic_cast<const std::system_error*>(&error);
  if (system != nullptr && is_local_fault(system->code().value())) {
    return describe_local_fault(system->code().value());
  }
  return error.what();
}

}  // namespace sre
