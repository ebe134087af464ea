#include "agent/session/message.h"

#include <gmock/gmock.h>

namespace sre {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

std::string sample_message() {
  Target target;
  target.name = "corp";
  Check check;
  check.target = std::make_shared<const Target>(target);
  check.name = "delivery";
  check.helo = "probe.example.com";
  check.from = "probe@example.com";
  check.to = "sink@example.net";
  const auto now = std::chrono::sys_days{std::chrono::year{2026} / 3 / 9} + std::chrono::hours{8} +
                   std::chrono::seconds{5};
  return delivery_message(check, now, "0123abcd");
}

TEST(DeliveryMessage, SaysThatNoPersonWroteItAndWhichCheckDid) {
  EXPECT_THAT(sample_message(), AllOf(HasSubstr("\r\nAuto-Submitted: auto-generated\r\n"),
                                      HasSubstr("\r\nSubject: Delivery check corp/delivery\r\n")));
}

TEST(DeliveryMessage, HasTheHeadersOfRfc5322) {
  EXPECT_THAT(sample_message(),
              AllOf(testing::StartsWith("From: <probe@example.com>\r\n"),
                    HasSubstr("\r\nTo: <sink@example.net>\r\n"),
                    HasSubstr("\r\nDate: Mon, 09 Mar 2026 08:00:05 +0000\r\n"),
                    HasSubstr("\r\nMessage-ID: <0123abcd@probe.example.com>\r\n")));
}

TEST(DeliveryMessage, EndsEachLineInCrlfWithinTheLimitAndBeginsNoneWithADot) {
  std::string_view rest;
  const std::string message = sample_message();
  rest = message;
  ASSERT_THAT(message, EndsWith("\r\n"));
  while (!rest.empty()) {
    const auto end = rest.find("\r\n");
    const auto line = rest.substr(0, end);
    EXPECT_EQ(line.find_first_of("\r\n"), std::string_view::npos) << line;
    EXPECT_THAT(line, Not(testing::StartsWith(".")));
    EXPECT_LE(line.size(), 998U);
    rest.remove_prefix(end + 2);
  }
}

}  // namespace
}  // namespace sre
