#include "agent/knowledge/classify_lines.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <sstream>

namespace sre {
namespace {

std::string classified(const std::string& lines) {
  std::istringstream in(lines);
  std::ostringstream out;
  std::ostringstream warnings;
  classify_lines(*Knowledge::built_in(), in, out, warnings);
  return out.str();
}

// What is said about the lines.
std::string warned(const std::string& lines) {
  std::istringstream in(lines);
  std::ostringstream out;
  std::ostringstream warnings;
  classify_lines(*Knowledge::built_in(), in, out, warnings);
  return warnings.str();
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

TEST(ClassifyLines, WarnsOfWhatIsNoPhaseAndOfALineWithoutOne) {
  EXPECT_EQ(
      warned("auth\t535\n-\t535\nbogus\t535\nauht\t535\nauth 535\n"),
      "line 3: \"bogus\" is no phase; known: \"-\", \"resolve\", \"connect\", \"tls\", "
      "\"banner\", \"ehlo\", \"starttls\", \"auth\", \"mail\", \"rcpt\", \"data\", "
      "\"message\", \"quit\"\n"
      "line 4: \"auht\" is no phase; did you mean \"auth\"?\n"
      "line 5: there is no tab; write phase<TAB>reply, with - for a phase that is not known\n");
}

TEST(ClassifyLines, DoesNotWarnForEver) {
  std::string lines;
  for (int i = 0; i < 1000; ++i) lines += "535\n";
  const auto text = warned(lines);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 11);
  EXPECT_THAT(text, testing::EndsWith("and 990 more lines like these\n"));
}

TEST(ClassifyLines, AnswersEmptyLinesToo) {
  EXPECT_EQ(classified("\n-\t\n"),
            "protocol_violation\t-\t-\tno-reply-code\nprotocol_violation\t-\t-\tno-reply-code\n");
}

}  // namespace
}  // namespace sre
