#pragma once

#include <string>
#include <vector>

#include "agent/web/external_url.h"

namespace sre {

// How the pages are offered, as flags say it. Plain values.
struct WebOptions {
  std::vector<std::string> listen_addresses = {":10235"};
  std::string telemetry_path = "/metrics";
  std::string config_file = {};  // exporter-toolkit's web configuration; empty: no TLS, no login
  ExternalUrl external_url = {};
};

}  // namespace sre
