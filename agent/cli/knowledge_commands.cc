#include <fmt/format.h>

#include <cstdio>
#include <iostream>
#include <utility>

#include "agent/cli/commands.h"
#include "agent/cli/exit_status.h"
#include "agent/cli/knowledge_text.h"
#include "agent/cli/language.h"
#include "agent/knowledge/classify_lines.h"
#include "agent/report/knowledge_json.h"

namespace sre {
namespace {

// What each of these commands prints about what, in which language.
struct Request {
  std::shared_ptr<const Knowledge> knowledge;
  std::string language;
};

Result<Request> open(const KnowledgeOptions& options) {
  auto knowledge = Knowledge::load(options.knowledge_dir);
  if (!knowledge) return tl::unexpected(std::move(knowledge.error()));
  auto language = choose_language(**knowledge, options.language);
  if (!language) return tl::unexpected(std::move(language.error()));
  return Request{std::move(*knowledge), std::move(*language)};
}

// Opens the knowledge base and prints what `answer` makes of it; the exit status.
template <class Answer>
int print(const KnowledgeOptions& options, Answer answer) {
  const auto text = open(options).and_then(answer);
  if (!text) {
    fmt::print(stderr, "{}\n", text.error().message);
    return kUsageError;
  }
  fmt::print("{}", *text);
  return 0;
}

bool wants_json(const KnowledgeOptions& options) { return options.format == OutputFormat::json; }

}  // namespace

int explain_command(const ExplainOptions& options) {
  return print(options, [&](const Request& request) {
    const auto& [knowledge, language] = request;
    return explain(*knowledge, options.query, language, options.phase)
        .map([&](const Explanation& told) {
          return wants_json(options) ? to_text(explanation_json(told))
                                     : explanation_text(*knowledge, told, language);
        });
  });
}

int compare_command(const CompareOptions& options) {
  return print(options, [&](const Request& request) {
    const auto& [knowledge, language] = request;
    return compare(*knowledge, options.expected, options.got, language)
        .map([&](const Comparison& comparison) {
          return wants_json(options) ? to_text(comparison_json(comparison))
                                     : comparison_text(*knowledge, comparison, language);
        });
  });
}

int codes_command(const CodesOptions& options) {
  return print(options, [&](const Request& request) -> Result<std::string> {
    const auto& [knowledge, language] = request;
    return wants_json(options) ? to_text(codes_json(*knowledge, language))
                               : codes_text(*knowledge, language);
  });
}

int reasons_command(const ReasonsOptions& options) {
  return print(options, [&](const Request& request) -> Result<std::string> {
    const auto& [knowledge, language] = request;
    return wants_json(options) ? to_text(reasons_json(*knowledge, language))
                               : reasons_text(*knowledge, language);
  });
}

int classify_command(const ClassifyOptions& options) {
  const auto knowledge = Knowledge::load(options.knowledge_dir);
  if (!knowledge) {
    fmt::print(stderr, "{}\n", knowledge.error().message);
    return kUsageError;
  }
  std::ios::sync_with_stdio(false);
  classify_lines(**knowledge, std::cin, std::cout, std::cerr);
  return 0;
}

}  // namespace sre
