#pragma once

#include <string_view>

namespace sre {

// What is said of a reply that did not come, or where it `began`, of one that did not end: because
// the time was over,
constexpr std::string_view not_in_time(bool began) {
  return began ? "a reply began and did not end in time" : "no complete reply in time";
}

// and because the server hung up.
constexpr std::string_view cut_off(bool began) {
  return began ? "the server closed the connection before its reply had ended"
               : "the server closed the connection without a reply";
}

}  // namespace sre
