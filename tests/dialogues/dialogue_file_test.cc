#include "tests/dialogues/dialogue_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/base/files.h"

namespace sre {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kDialogue =
    "# Shows a refused login.\n"
    "check\n"
    "  kind login\n"
    "  tls starttls\n"
    "  user probe password pear tree\n"
    "  expect auth 535 5.7.*\n"
    "  timeout 300ms\n"
    "server\n"
    "  tls certificate=valid\n"
    "  on AUTH:\n"
    "    535 5.7.8 no\n"
    "expect\n"
    "  failed\n"
    "  phase auth\n"
    "  reply 535 5.7.8\n"
    "  reason auth_credentials_invalid\n"
    "  received QUIT\n"
    "  never received MAIL*\n"
    "  secret never sent\n";

TEST(DialogueFile, ReadsCheckServerAndExpectation) {
  const auto dialogue = parse_dialogue(kDialogue);
  ASSERT_TRUE(dialogue) << dialogue.error().message;
  const auto& check = dialogue->check;
  EXPECT_EQ(check.kind, Kind::login);
  EXPECT_EQ(check.target->tls, TlsMode::starttls);
  EXPECT_EQ(check.target->credentials->secret, Secret("pear tree"));
  EXPECT_EQ(check.expect.at(Phase::auth).text(), "535 5.7.*");
  EXPECT_EQ(check.expect.at(Phase::banner).text(), "220");
  EXPECT_EQ(check.until, Phase::auth);
  EXPECT_EQ(check.timeout, 300ms);
  EXPECT_EQ(dialogue->server.rules.at(0).steps.at(0).text, "535 5.7.8 no");
  const auto& expected = dialogue->expected;
  EXPECT_FALSE(expected.passed);
  EXPECT_EQ(expected.phase, Phase::auth);
  EXPECT_EQ(expected.reply, "535 5.7.8");
  EXPECT_EQ(expected.reason, Reason::auth_credentials_invalid);
  EXPECT_THAT(expected.received, testing::ElementsAre("QUIT"));
  EXPECT_THAT(expected.not_received, testing::ElementsAre("MAIL*"));
  EXPECT_TRUE(expected.secret_stays);
}

TEST(DialogueFile, NamesTheLineOfAMistakeInEachPart) {
  const auto error_of = [](std::string_view text) { return parse_dialogue(text).error().message; };
  EXPECT_EQ(error_of("check\n  colour red\n"), "2: \"colour red\" says nothing about a check");
  EXPECT_EQ(error_of("check\n  kind loggin\n"), "2: \"loggin\" is no value for this");
  EXPECT_EQ(error_of("server\n  # fine\n  on EHLO\n"), "3: \"on EHLO\" lacks its colon");
  EXPECT_EQ(error_of("expect\n  joy\n"), "2: \"joy\" is nothing to expect");
  EXPECT_EQ(error_of("story\n"), "1: \"story\" is no part; write check, server or expect");
}

TEST(DialogueFile, KnowsTheFormsOfASecret) {
  // base64 of "a:pear-tree", "ab:pear-tree" and "abc:pear-tree"
  const auto forms = forms_of_secret("pear-tree");
  for (const char* text : {"pear-tree", "YTpwZWFyLXRyZWU=", "YWI6cGVhci10cmVl",
                           "YWJjOnBlYXItdHJlZQ==", "YWI6cGVhci10cmVlOm1vcmU="}) {
    EXPECT_TRUE(std::any_of(forms.begin(), forms.end(), [&](const std::string& form) {
      return std::string_view(text).find(form) != std::string_view::npos;
    })) << text;
  }
  for (const auto& form : forms) EXPECT_GE(form.size(), 8U) << form;
}

TEST(DialogueFiles, CanAllBeReadAndSayWhatTheyExpect) {
  int read = 0;
  for (const auto& entry : std::filesystem::directory_iterator(SRE_SOURCE_DIR "/tests/dialogues")) {
    if (entry.path().extension() != ".dialogue") continue;
    ++read;
    const auto text = test::read_text(entry.path());
    const auto name = entry.path().filename().string();
    EXPECT_TRUE(text.starts_with("# ")) << name << " does not say what it shows";
    const auto dialogue = parse_dialogue(text);
    ASSERT_TRUE(dialogue) << name << ":" << dialogue.error().message;
    EXPECT_TRUE(dialogue->expected.phase) << name;
    EXPECT_TRUE(dialogue->expected.reason) << name;
  }
  EXPECT_GT(read, 0);
}

}  // namespace
}  // namespace sre
