#pragma once

#include <string>
#include <string_view>

#include "agent/base/result.h"

namespace sre {

// Where browsers find the pages, behind a reverse proxy: "https://mon.example.com/smtp".
struct ExternalUrl {
  std::string origin;  // "https://mon.example.com", as browsers send it; empty: not known
  std::string path;    // "/smtp"; empty for "/"
};

// The Error says what is wrong and shows a right one.
Result<ExternalUrl> parse_external_url(std::string_view text);

}  // namespace sre
