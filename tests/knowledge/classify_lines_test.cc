#include "agent/knowledge/classify_lines.h"

#include <gmock/gmock.h>

#include <sstream>

namespace sre {
namespace {

std::string classified(const std::string& lines) {
  std::istringstream in(lines);
  std::ostringstream out;
  classify_lines(*Knowledge::built_in(), in, out);
  return out.str();
}

TEST(ClassifyLines, AnswersEveryLineWithOne) {
  EXPECT_EQ(classified("auth\t535 5.7.8 Error: authentication failed\n"
                       "rcpt\t550\n"
                       "mail\t250 ok\n"),
            "auth_credentials_invalid\t535\t5.7.8\tlogin-refused\n"
            "mailbox_unknown\t550\t-\tcode-550\n"
            "ok\t250\t-\tpositive\n");
}

TEST(ClassifyLines, TakesAnUnknownPhaseOrNoneForUnknown) {
  const std::string answer = "mailbox_full\t552\t5.2.2\tmailbox-full\n";
  EXPECT_EQ(classified("-\t552 5.2.2 mailbox full\n"), answer);
  EXPECT_EQ(classified("eod\t552 5.2.2 mailbox full\n"), answer);
  EXPECT_EQ(classified("552 5.2.2 mailbox full\n"), answer);
}

TEST(ClassifyLines, AnswersEmptyLinesToo) {
  EXPECT_EQ(classified("\n-\t\n"),
            "protocol_violation\t-\t-\tno-reply-code\nprotocol_violation\t-\t-\tno-reply-code\n");
}

}  // namespace
}  // namespace sre
