#pragma once

#include <string>

namespace sre {

// "smtp_reply_exporter 0.1.0 (libcurl 7.88.1, OpenSSL 3.0.15)": for --version.
std::string version_text();

// The program's version alone.
std::string program_version();

}  // namespace sre
