#pragma once

#include <exception>
#include <string>
#include <utility>

namespace sre {

// Runs `body` and gives what it throws, or nullptr: for a callback of a C library, through which no
// exception may pass. Somebody on the other side of the library rethrows it.
template <class Body>
std::exception_ptr caught(Body&& body) noexcept {
  try {
    std::forward<Body>(body)();
  } catch (...) {
    return std::current_exception();
  }
  return nullptr;
}

// True for an errno by which the machine, not a peer, says that it has no more of something: files,
// memory or buffers.
bool is_local_fault(int error_number) noexcept;

// What that is, and what to do about it.
std::string describe_local_fault(int error_number);

// An exception in words: its what(), but for those that say too little.
std::string describe(const std::exception& error);

}  // namespace sre
