#include "agent/smtp/reply_parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "agent/base/text.h"

namespace sre {
namespace {

constexpr std::size_t kShownBytes = 80;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::optional<ReplyLine> parse_reply_line(std::string_view line) {
  if (line.size() < 3 || !std::all_of(line.begin(), line.begin() + 3, is_digit))
    return std::nullopt;
  if (line[0] < '2' || line[0] > '5') return std::nullopt;
  const int code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
  if (line.size() == 3) return ReplyLine{code, true, {}};
  if (line[3] != ' ' && line[3] != '-') return std::nullopt;
  return ReplyLine{code, line[3] == ' ', line.substr(4)};
}

ReplyParser::Status ReplyParser::push(std::string_view bytes) {
  if (!violation_.empty()) return Status::violation;
  buffer_.append(bytes);
  std::size_t start = 0;
  auto status = Status::incomplete;
  while (status == Status::incomplete) {
    const auto end = buffer_.find('\n', start);
    if (end == std::string::npos) break;
    std::string_view line(buffer_.data() + start, end - start);
    start = end + 1;
    if (line.ends_with('\r')) line.remove_suffix(1);
    status = take_line(line);
  }
  buffer_.erase(0, start);
  if (status == Status::incomplete && bytes_ + buffer_.size() > kMaxBytes) {
    return violate(fmt::format("a reply longer than {} bytes", kMaxBytes));
  }
  return status;
}

ReplyParser::Status ReplyParser::take_line(std::string_view line) {
  bytes_ += line.size() + 2;
  const auto parsed = parse_reply_line(line);
  if (!parsed) {
    return violate(fmt::format("a line that is no SMTP reply: \"{}\"",
                               printable(line.substr(0, kShownBytes))));
  }
  if (!reply_.lines.empty() && parsed->code != reply_.code) {
    return violate(fmt::format("one reply with two codes, {} and then \"{}\"", reply_.code,
                               printable(line.substr(0, kShownBytes))));
  }
  reply_.code = parsed->code;
  reply_.lines.emplace_back(parsed->text);
  if (!reply_.enhanced) reply_.enhanced = find_enhanced_code(parsed->text);
  if (bytes_ > kMaxBytes) return violate(fmt::format("a reply longer than {} bytes", kMaxBytes));
  if (parsed->last) return Status::complete;
  if (reply_.lines.size() >= kMaxLines) {
    return violate(fmt::format("a reply of more than {} lines", kMaxLines));
  }
  return Status::incomplete;
}

ReplyParser::Status ReplyParser::violate(std::string what) {
  violation_ = std::move(what);
  return Status::violation;
}

Reply ReplyParser::take() {
  bytes_ = 0;
  return std::exchange(reply_, {});
}

}  // namespace sre
