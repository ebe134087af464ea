#include "agent/smtp/reply.h"

#include <fmt/format.h>

#include "agent/base/text.h"
#include "agent/smtp/reply_parser.h"

namespace sre {

std::string Reply::text() const {
  std::string all;
  for (const auto& line : lines) {
    if (!all.empty()) all += ' ';
    all += line;
  }
  return all;
}

Reply Reply::from_text(std::string_view text) {
  Reply reply;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = trim(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (const auto parsed = parse_reply_line(line)) {
      reply.code = parsed->code;
      reply.lines.emplace_back(trim(parsed->text));
    } else if (!line.empty()) {
      reply.lines.emplace_back(line);
    }
    if (!reply.enhanced && !reply.lines.empty()) {
      reply.enhanced = find_enhanced_code(reply.lines.back());
    }
  }
  return reply;
}

std::string describe_code(const Reply& reply) {
  if (!reply.enhanced) return fmt::format("{:03}", reply.code);
  return fmt::format("{:03} {}", reply.code, to_string(*reply.enhanced));
}

}  // namespace sre
