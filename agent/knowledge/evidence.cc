#include "agent/knowledge/evidence.h"

#include <algorithm>
#include <iterator>

#include "agent/smtp/reply_parser.h"

namespace sre {
namespace {

// What stands behind a leading enhanced code.
std::string_view without_enhanced_code(std::string_view line) {
  if (!leading_enhanced_code(line)) return line;
  line.remove_prefix(std::min(line.find_first_not_of("0123456789."), line.size()));
  return line.substr(std::min(line.find_first_not_of(' '), line.size()));
}

}  // namespace

std::string matching_text(const Reply& reply) {
  std::string text;
  for (const auto& line : reply.lines) {
    if (text.size() >= kReadBytes) break;
    if (!text.empty()) text += ' ';
    text += without_enhanced_code(line).substr(0, kReadBytes - text.size());
  }
  return text;
}

std::optional<QuotedReply> find_quoted_reply(std::string_view text) {
  for (auto at = text.find_last_of(":>"); at != std::string_view::npos;) {
    const auto start = text.find_first_not_of(' ', at + 1);
    const auto line =
        start == std::string_view::npos ? std::nullopt : parse_reply_line(text.substr(start));
    if (line && line->code >= 400 && !line->text.empty()) {
      return QuotedReply{line->code, leading_enhanced_code(line->text),
                         without_enhanced_code(line->text)};
    }
    if (at == 0) break;
    at = text.find_last_of(":>", at - 1);
  }
  return std::nullopt;
}

std::optional<Phase> likely_phase(std::optional<Phase> phase, int code) {
  if (phase) return phase;
  constexpr int kAnswersToAuth[] = {435, 526, 534, 535, 538};
  const bool is_auth = std::find(std::begin(kAnswersToAuth), std::end(kAnswersToAuth), code) !=
                       std::end(kAnswersToAuth);
  return is_auth ? std::optional(Phase::auth) : std::nullopt;
}

}  // namespace sre
