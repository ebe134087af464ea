#include "agent/knowledge/classify_lines.h"

#include <fmt/format.h>

#include <istream>
#include <ostream>
#include <string>
#include <vector>

#include "agent/base/problems.h"

namespace sre {
namespace {

constexpr std::size_t kShownWarnings = 10;

// What is wrong with the part of a line before its reply; nothing where it is a phase or "-".
std::string fault_of(std::optional<std::string_view> phase) {
  if (!phase) return "there is no tab; write phase<TAB>reply, with - for a phase that is not known";
  if (*phase == "-" || parse_phase(*phase)) return {};
  std::vector<std::string_view> names = {"-"};
  for (const auto known : kPhases) names.push_back(to_string(known));
  return fmt::format("{} is no phase{}", in_quotes(*phase), suggestion(*phase, names));
}

std::string classified(const Knowledge& knowledge, std::optional<std::string_view> phase,
                       std::string_view text) {
  const auto reply = Reply::from_text(text);
  const auto [reason, rule_id] =
      knowledge.classify(phase ? parse_phase(*phase) : std::nullopt, reply);
  return fmt::format("{}\t{}\t{}\t{}\n", to_string(reason),
                     reply.code == 0 ? "-" : std::to_string(reply.code),
                     reply.enhanced ? to_string(*reply.enhanced) : "-", rule_id);
}

}  // namespace

void classify_lines(const Knowledge& knowledge, std::istream& in, std::ostream& out,
                    std::ostream& warnings) {
  std::size_t number = 0;
  std::size_t faults = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    const std::string_view all = line;
    const auto tab = all.find('\t');
    const bool split = tab != std::string_view::npos;
    const auto phase = split ? std::optional(all.substr(0, tab)) : std::nullopt;
    out << classified(knowledge, phase, split ? all.substr(tab + 1) : all);
    const auto fault = fault_of(phase);
    if (fault.empty() || ++faults > kShownWarnings) continue;
    warnings << fmt::format("line {}: {}\n", number, fault);
  }
  if (faults > kShownWarnings) {
    warnings << fmt::format("and {} more lines like these\n", faults - kShownWarnings);
  }
}

}  // namespace sre
