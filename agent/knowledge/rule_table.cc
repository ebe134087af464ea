#include "agent/knowledge/rule_table.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <utility>

#include "agent/base/text.h"
#include "agent/knowledge/pattern_index.h"

namespace sre {
namespace {

// "-" in a table stands for nothing.
std::string cell(const std::string& text) { return text == "-" ? std::string{} : text; }

void check_pattern(const Row& row, const std::string& pattern, TableErrors& problems) {
  if (pattern.empty()) return;
  const RE2 expression(pattern, pattern_options());
  if (!expression.ok()) {
    add_problem(problems, row,
                fmt::format("the pattern is not valid: {}; write it as RE2 reads it, a literal "
                            "sign such as ( as \\(",
                            expression.error()));
  }
}

template <class T, class Parse>
void parse_list(const Row& row, std::string_view list, std::vector<T>& out, Parse parse,
                TableErrors& problems) {
  for (const auto part : split(list, ',')) {
    if (auto value = parse(part)) {
      out.push_back(*value);
    } else {
      add_problem(problems, row, value.error().message);
    }
  }
}

void parse_condition(const Row& row, std::string_view condition,
                     const std::vector<Provider>& providers, Rule& rule, TableErrors& problems) {
  const auto equals = std::min(condition.find('='), condition.size());
  const auto key = condition.substr(0, equals);
  const auto value = condition.substr(std::min(equals + 1, condition.size()));
  if (key == "provider") {
    const auto found = std::find_if(providers.begin(), providers.end(),
                                    [&](const Provider& one) { return one.name == value; });
    if (found == providers.end()) {
      add_problem(problems, row,
                  fmt::format("there is no provider \"{}\" in providers.tsv; add it there",
                              printable(value)));
    }
    rule.provider = static_cast<std::size_t>(found - providers.begin());
  } else if (key == "phase") {
    if (const auto phases = parse_phases(value)) {
      rule.phases = *phases;
    } else {
      add_problem(problems, row, phases.error().message);
    }
  } else if (key == "code") {
    parse_list(row, value, rule.codes, parse_code_pattern, problems);
  } else if (key == "enhanced") {
    parse_list(row, value, rule.enhanced, parse_enhanced_pattern, problems);
  } else {
    add_problem(problems, row,
                fmt::format("\"{}\" is no condition; write provider=, phase=, code= or enhanced=, "
                            "or - for none",
                            printable(condition)));
  }
}

}  // namespace

std::vector<Provider> read_providers(const KnowledgeFile& file, TableErrors& problems) {
  std::vector<Provider> providers;
  for (const auto& row : read_table(file, {"provider", "banner", "text"}, problems)) {
    check_pattern(row, cell(row[1]), problems);
    check_pattern(row, cell(row[2]), problems);
    providers.push_back({row[0], cell(row[1]), cell(row[2])});
  }
  return providers;
}

std::vector<Rule> read_rules(const KnowledgeFile& file, const std::vector<Provider>& providers,
                             std::set<std::string>& ids, TableErrors& problems) {
  std::vector<Rule> rules;
  for (const auto& row : read_table(file, {"id", "reason", "when", "text"}, problems)) {
    Rule rule;
    rule.id = row[0];
    rule.text = cell(row[3]);
    if (!ids.insert(rule.id).second) {
      add_problem(
          problems, row,
          fmt::format("the id \"{}\" is used twice; every rule needs its own", printable(rule.id)));
    }
    if (const auto choice = ReasonChoice::parse(row[1])) {
      rule.reason = choice->choose(std::nullopt, 0, 0);
    } else {
      add_problem(problems, row, choice.error().message);
    }
    const auto when = cell(row[2]);
    for (const auto condition : split(when, ' ')) {
      parse_condition(row, condition, providers, rule, problems);
    }
    if (rule.text.empty() && row[2] == "-") {
      add_problem(problems, row, "a rule without condition and without text would match all");
    }
    check_pattern(row, rule.text, problems);
    rules.push_back(std::move(rule));
  }
  return rules;
}

}  // namespace sre
