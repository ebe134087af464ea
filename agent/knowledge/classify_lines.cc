#include "agent/knowledge/classify_lines.h"

#include <fmt/format.h>

#include <istream>
#include <ostream>
#include <string>

namespace sre {

void classify_lines(const Knowledge& knowledge, std::istream& in, std::ostream& out) {
  for (std::string line; std::getline(in, line);) {
    const auto tab = line.find('\t');
    const auto phase = tab == std::string::npos
                           ? std::nullopt
                           : parse_phase(std::string_view(line).substr(0, tab));
    const auto reply = Reply::from_text(
        tab == std::string::npos ? std::string_view(line) : std::string_view(line).substr(tab + 1));
    const auto [reason, rule_id] = knowledge.classify(phase, reply);
    out << fmt::format("{}\t{}\t{}\t{}\n", to_string(reason),
                       reply.code == 0 ? "-" : std::to_string(reply.code),
                       reply.enhanced ? to_string(*reply.enhanced) : "-", rule_id);
  }
}

}  // namespace sre
