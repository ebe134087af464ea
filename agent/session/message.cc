#include "agent/session/message.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace sre {

std::string delivery_message(const Check& check, WallTime now, std::string_view serial) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch());
  const auto calendar = fmt::gmtime(static_cast<std::time_t>(seconds.count()));
  return fmt::format(
      "From: <{}>\r\n"
      "To: <{}>\r\n"
      "Date: {:%a, %d %b %Y %H:%M:%S} +0000\r\n"
      "Message-ID: <{}@{}>\r\n"
      "Subject: Delivery check {}\r\n"
      "Auto-Submitted: auto-generated\r\n"
      "X-Auto-Response-Suppress: All\r\n"
      "MIME-Version: 1.0\r\n"
      "Content-Type: text/plain; charset=us-ascii\r\n"
      "\r\n"
      "smtp_reply_exporter sent this mail to see whether the server takes it.\r\n"
      "Nobody needs to read it; it may be deleted.\r\n",
      check.from, check.to, calendar, serial, check.helo, check.id());
}

}  // namespace sre
