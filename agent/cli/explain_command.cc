#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "agent/cli/commands.h"
#include "agent/cli/exit_status.h"
#include "agent/knowledge/explain.h"
#include "agent/knowledge/knowledge.h"

namespace sre {
namespace {

void print_text(const Explanation& explanation) {
  fmt::print("{}\n\n{}\n", explanation.title, explanation.meaning);
  if (!explanation.when.empty()) fmt::print("\n{}\n", explanation.when);
  if (!explanation.fix.empty()) fmt::print("\n-> {}\n", explanation.fix);
  if (!explanation.related.empty()) {
    fmt::print("\nSee also: {}\n", fmt::join(explanation.related, ", "));
  }
}

nlohmann::ordered_json text_or_null(std::string_view text) {
  return text.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(text);
}

void print_json(const Explanation& explanation) {
  nlohmann::ordered_json json;
  json["title"] = explanation.title;
  json["meaning"] = explanation.meaning;
  json["when"] = text_or_null(explanation.when);
  json["fix"] = text_or_null(explanation.fix);
  json["related"] = explanation.related;
  json["reason"] = text_or_null(explanation.reason ? to_string(*explanation.reason) : "");
  json["rule"] = text_or_null(explanation.rule_id);
  fmt::print("{}\n", json.dump(2));
}

}  // namespace

int explain_command(const ExplainOptions& options) {
  const auto explanation = explain(Knowledge::built_in(), options.query, options.language);
  if (!explanation) {
    fmt::print(stderr, "{}\n", explanation.error().message);
    return kUsageError;
  }
  if (options.format == OutputFormat::json) {
    print_json(*explanation);
  } else {
    print_text(*explanation);
  }
  return 0;
}

}  // namespace sre
