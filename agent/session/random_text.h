#pragma once

#include <cstddef>
#include <string>

namespace sre {

// `bytes` random bytes in hexadecimal, from OpenSSL's generator.
std::string random_hex(std::size_t bytes);

}  // namespace sre
