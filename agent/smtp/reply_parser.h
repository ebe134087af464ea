#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "agent/smtp/reply.h"

namespace sre {

// One line of a reply: three digits, then '-' (more lines follow), ' ' or the end (RFC 5321
// section 4.2).
struct ReplyLine {
  int code;
  bool last;
  std::string_view text;
};

// Reads a line without its line end; nothing when it is no reply line (no code, a first digit
// outside 2-5, another separator).
std::optional<ReplyLine> parse_reply_line(std::string_view line);

// Puts replies together from whatever pieces the wire delivers.
//
// Lines may end in CRLF or a bare LF. The bytes are not trusted: a line that is no reply line,
// lines of one reply with different codes, or a reply beyond the limits are a violation, which ends
// the parser's work. Not thread-safe.
class ReplyParser {
 public:
  // Far beyond RFC 5321 section 4.5.3.1.5 (512 octets a line), and still little memory.
  static constexpr std::size_t kMaxLines = 512;
  static constexpr std::size_t kMaxBytes = 64 * 1024;

  enum class Status { incomplete, complete, violation };

  // Takes bytes as they come. On `complete`, take() gives the reply; on `violation`, violation()
  // says what is wrong. Bytes behind a complete reply wait for the next call, which may be
  // push({}).
  Status push(std::string_view bytes);

  // The reply just completed; the parser is ready for the next.
  Reply take();

  // What has been received of the unfinished reply, for the transcript; without the line that is a
  // violation, which has no part in it.
  const Reply& partial() const { return reply_; }

  // One sentence, with the offending bytes made printable; empty while there is none.
  const std::string& violation() const { return violation_; }

  // True when bytes wait that no command has asked for.
  bool has_leftover() const { return !buffer_.empty(); }

 private:
  Status take_line(std::string_view line);
  Status violate(std::string what);

  std::string buffer_;
  std::size_t bytes_ = 0;  // of the reply under way
  Reply reply_;
  std::string violation_;
};

}  // namespace sre
