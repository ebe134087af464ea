#include "agent/base/fault.h"

#include <fmt/format.h>

#include <boost/system/system_error.hpp>
#include <cerrno>
#include <new>
#include <optional>
#include <system_error>

namespace sre {

namespace {

// The system's own number, if the exception has one. Asio throws Boost's system_error, which is
// none of the standard library's.
std::optional<int> errno_of(const std::exception& error) {
  if (const auto* one = dynamic_cast<const std::system_error*>(&error)) {
    const auto& category = one->code().category();
    const bool own = category == std::system_category() || category == std::generic_category();
    if (own) return one->code().value();
  }
  if (const auto* one = dynamic_cast<const boost::system::system_error*>(&error)) {
    const auto& category = one->code().category();
    const bool own = category == boost::system::system_category() ||
                     category == boost::system::generic_category();
    if (own) return one->code().value();
  }
  return std::nullopt;
}

}  // namespace

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
  const auto number = errno_of(error);
  if (number && is_local_fault(*number)) return describe_local_fault(*number);
  return error.what();
}

}  // namespace sre
