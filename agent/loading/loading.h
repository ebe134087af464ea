#pragma once

#include <memory>
#include <string>

#include "agent/base/result.h"
#include "agent/config/config.h"
#include "agent/knowledge/knowledge.h"

namespace sre {

// A configuration and the knowledge base that it names.
struct Loading {
  std::shared_ptr<const Config> config;
  std::shared_ptr<const Knowledge> knowledge;
};

// Reads the configuration and, where that is good, the knowledge base. Each mistake of the one that
// is not is a line of the Error, in the order of the file.
Result<Loading> load_all(const std::string& config_file);

// "a,b", as Resolver takes them.
std::string joined_dns_servers(const Config& config);

}  // namespace sre
