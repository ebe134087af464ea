#pragma once

#include <cstddef>

namespace sre {

// Whose requests for memory are counted, and fail.
enum class Asks { program, libcurl, openssl, c_ares };

// Lets the program and its libraries ask for memory where a request may be made to fail. To be
// called before any of them is used.
void watch_memory();

// On this thread the `nth` request from now on fails, and with `all` every later one as well, until
// no_more_failures(); 0: none does.
void fail_request(Asks asks, std::size_t nth, bool all = false);
void no_more_failures();

// How many such requests this thread has made since fail_request(), up to no_more_failures().
std::size_t requests_made();

}  // namespace sre
