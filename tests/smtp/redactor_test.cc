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
  EXPECT_EQ(made.clean("535 5.7.8 AHVzZXIAcHc= AHVzZXIAcHc="), "535 5.7.8 <secret>");
}

TEST(Redactor, TakesOutTheBeginningOfASaslMessageThatWasCutShort) {
  Redactor made;
  made.add_sasl_message("AHByb2JlAGNvcnJlY3QtaG9yc2U=");
  EXPECT_EQ(made.clean("\"AUTH PLAIN AHByb2JlAGNvcnJl\""), "\"AUTH PLAIN <secret>\"");
  EXPECT_EQ(made.clean("AHByb2JlAGNv, AHByb2JlAA, AHByb2Jl"), "<secret>, <secret>, <secret>");
  EXPECT_EQ(made.clean("AHByb2J"), "AHByb2J") << "too little to tell anything";
}

TEST(Redactor, TakesOutTheWholeOfTwoMessagesThatBeginAlike) {
  Redactor made;
  made.add_sasl_message(base64_encode("probe-user"));
  made.add_sasl_message(base64_encode("probe-user-secret"));
  EXPECT_EQ(made.clean("501 " + base64_encode("probe-user-secret")), "501 <secret>");
}

TEST(Redactor, TakesOutWhatIsWrappedOverTheLinesOfAReply) {
  Redactor made;
  const std::string token(300, 'x');
  const auto message = base64_encode("user=probe\1auth=Bearer ya29.T0k3n" + token + "\1\1");
  made.add_sasl_message(message);
  std::vector<std::string> lines = {"AUTH XOAUTH2 " + message.substr(0, 76),
                                    "5.5.2 " + message.substr(76, 76), message.substr(152, 3),
                                    message.substr(155), "that is too long"};
  made.clean(lines);
  EXPECT_THAT(lines, testing::ElementsAre("AUTH XOAUTH2 <secret>", "5.5.2 <secret>", "<secret>",
                                          "<secret>", "that is too long"));
}

TEST(Redactor, TakesOutPiecesOfTheSecret) {
  Redactor made;
  made.add(Secret("Sup3rS!cretPassw0rd"));
  EXPECT_EQ(made.clean("part Sup3rS!cretP of it"), "part <secret> of it");
  EXPECT_EQ(made.clean("cretPassw0rd?"), "<secret>?");
  EXPECT_EQ(made.clean("SUP3RS!CRETPASSW0RD"), "<secret>");
  EXPECT_EQ(made.clean("\"Sup3rS%21cretPassw0rd\""), "\"<secret>\"");
  EXPECT_EQ(made.clean("Sup3rS!cr\x01"
                       "etPassw0rd"),
            "<secret>");
  EXPECT_EQ(made.clean("Sup3rS!cr\\x01etPassw0rd"), "<secret>") << "made printable already";
  EXPECT_EQ(made.clean("hex 53757033725321637265745061737377307264."), "hex <secret>.");
  std::vector<std::string> lines = {"5.7.8 Sup3rS!cr", "5.7.8 etPassw0rd"};
  made.clean(lines);
  EXPECT_THAT(lines, testing::Each("5.7.8 <secret>"));
}

TEST(Redactor, TakesOutEveryPieceOfEightOrMore) {
  const std::string secret = "p4ss-w0rd-0f-th3-pr0be";
  const auto message = base64_encode(std::string("\0probe\0", 7) + secret);
  Redactor made;
  made.add(Secret(secret));
  made.add_sasl_message(message);
  for (const auto& text : {secret, message}) {
    for (std::size_t begin = 0; begin + 8 <= text.size(); ++begin) {
      for (std::size_t end = begin + 8; end <= text.size(); ++end) {
        const auto piece = text.substr(begin, end - begin);
        ASSERT_EQ(made.clean("501 \"" + piece + "\"?"), "501 \"<secret>\"?") << piece;
      }
    }
  }
}

TEST(Redactor, LeavesWordsThatThePasswordIsMadeOf) {
  Redactor made;
  made.add(Secret("password-for-authentication"));
  EXPECT_EQ(made.clean("Password or authentication failed"), "Password or authentication failed");
  EXPECT_EQ(made.clean("password-for-auth"), "<secret>");
  made.add(Secret("authentication"));
  EXPECT_EQ(made.clean("authentication failed"), "<secret> failed") << "but not the whole";
  made.add(Secret("correcthorsebatterystaple"));
  EXPECT_EQ(made.clean("correcthorsebatt"), "<secret>") << "sixteen letters in a row";
}

TEST(Redactor, TakesOutAShortSecretAsAWhole) {
  Redactor made;
  made.add(Secret("p w"));
  EXPECT_EQ(made.clean("it was p w."), "it was <secret>.");
}

TEST(Redactor, LeavesOtherTextAlone) {
  EXPECT_EQ(redactor().clean("535 5.7.8 Error"), "535 5.7.8 Error");
  EXPECT_EQ(Redactor{}.clean("anything"), "anything");
}

}  // namespace
}  // namespace sre
