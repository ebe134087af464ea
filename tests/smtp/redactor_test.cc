#include "agent/smtp/redactor.h"

#include <gmock/gmock.h>

#include "agent/base/text.h"

namespace sre {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kPassword = "correct-horse";

Redactor redactor() {
  Redactor made;
  made.add(Secret(std::string(kPassword)));
  return made;
}

TEST(Redactor, TakesOutTheSecretInClear) {
  EXPECT_EQ(redactor().clean("535 no such password: correct-horse!"),
            "535 no such password: <secret>!");
}

TEST(Redactor, TakesOutItsBase64AtEveryAlignment) {
  for (const auto* before : {"", "u", "us", "\1user\1pw\1"}) {
    for (const auto* after : {"", "x", "xy"}) {
      const auto echoed = base64_encode(before + std::string(kPassword) + after);
      const auto cleaned = redactor().clean("535 bad response " + echoed);
      EXPECT_THAT(cleaned, HasSubstr("<secret>")) << echoed;
      EXPECT_THAT(cleaned, Not(HasSubstr(base64_encode(kPassword).substr(4, 8)))) << echoed;
    }
  }
}

TEST(Redactor, TakesOutASaslMessageAsItWasSent) {
  Redactor made;
  made.add_sasl_message("AHVzZXIAcHc=");
  EXPECT_EQ(made.clean("535 5.7.8 AHVzZXIAcHc= AHVzZXIAcHc="), "535 5.7.8 <secret> <secret>");
}

TEST(Redactor, TakesOutTheBeginningOfASaslMessageThatWasCutShort) {
  Redactor made;
  made.add_sasl_message("AHByb2JlAGNvcnJlY3QtaG9yc2U=");
  EXPECT_EQ(made.clean("\"AUTH PLAIN AHByb2JlAGNvcnJl\""), "\"AUTH PLAIN <secret>\"");
  EXPECT_EQ(made.clean("AHByb2JlAGNv AHByb2JlAA AHByb2Jl"), "<secret> <secret>A <secret>");
  EXPECT_EQ(made.clean("AHByb2J"), "AHByb2J") << "too little to tell anything";
}

TEST(Redactor, TakesOutTheWholeOfTwoMessagesThatBeginAlike) {
  Redactor made;
  made.add_sasl_message(base64_encode("probe-user"));
  made.add_sasl_message(base64_encode("probe-user-secret"));
  EXPECT_EQ(made.clean("501 " + base64_encode("probe-user-secret")), "501 <secret>");
}

TEST(Redactor, LeavesOtherTextAlone) {
  EXPECT_EQ(redactor().clean("535 5.7.8 Error"), "535 5.7.8 Error");
  EXPECT_EQ(Redactor{}.clean("anything"), "anything");
}

}  // namespace
}  // namespace sre
