#pragma once

#include <memory>
#include <string>
#include <vector>

#include "agent/check/check.h"
#include "agent/cli/options.h"
#include "agent/knowledge/knowledge.h"

namespace sre {

// What `check` and `probe` have in common.
struct RunRequest {
  std::vector<CheckPtr> checks;
  std::string dns_servers;  // as Resolver takes them
  std::shared_ptr<const Knowledge> knowledge;
  OutputFormat format = OutputFormat::text;
  std::string language = "en";
};

// Runs the checks once and prints what came of them: different targets at the same time, those of
// one target one after the other. A single check shows its dialogue as it happens. Exit status: 0
// when all passed, else 1.
int run_and_print(const RunRequest& request);

}  // namespace sre
