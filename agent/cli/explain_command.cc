#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>

#include "agent/cli/commands.h"
#include "agent/cli/exit_status.h"
#include "agent/knowledge/explain.h"
#include "agent/knowledge/knowledge.h"
#include "agent/report/knowledge_json.h"

namespace sre {
namespace {

void print_text(const Explanation& told) {
  fmt::print("{}\n\n{}\n", told.title(), told.meaning);
  if (!told.when.empty()) fmt::print("\n{}\n", told.when);
  if (!told.fix.empty()) fmt::print("\n-> {}\n", told.fix);
  std::vector<std::string> related = told.codes;
  related.insert(related.end(), told.enhanced_codes.begin(), told.enhanced_codes.end());
  related.insert(related.end(), told.reasons.begin(), told.reasons.end());
  if (!related.empty()) fmt::print("\nSee also: {}\n", fmt::join(related, ", "));
}

}  // namespace

int explain_command(const ExplainOptions& options) {
  const auto explanation = explain(*Knowledge::built_in(), options.query, options.language);
  if (!explanation) {
    fmt::print(stderr, "{}\n", explanation.error().message);
    return kUsageError;
  }
  if (options.format == OutputFormat::json) {
    fmt::print("{}", to_text(explanation_json(*explanation)));
  } else {
    print_text(*explanation);
  }
  return 0;
}

}  // namespace sre
