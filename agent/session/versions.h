#pragma once

#include <string>

namespace sre {

// The versions that run, not those that were compiled against: "7.88.1", "3.0.17".
std::string libcurl_version();
std::string openssl_version();

}  // namespace sre
