#include <iostream>

#include "agent/cli/commands.h"
#include "agent/knowledge/classify_lines.h"
#include "agent/knowledge/knowledge.h"

namespace sre {

int classify_command(const ClassifyOptions& /*options*/) {
  std::ios::sync_with_stdio(false);
  classify_lines(*Knowledge::built_in(), std::cin, std::cout);
  return 0;
}

}  // namespace sre
