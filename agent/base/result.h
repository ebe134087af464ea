#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace sre {

// What went wrong in configuration or at start-up, as one sentence for an administrator: what is
// wrong, where, and what would be right. A failing check is not an Error but a Verdict.
struct Error {
  std::string message;
};

// A value or the Error that stands in its place.
template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> failure(std::string message) {
  return tl::unexpected<Error>(Error{std::move(message)});
}

}  // namespace sre
