#include "agent/demo/script_parser.h"

#include <gtest/gtest.h>

#include "agent/demo/script_steps.h"

namespace sre {
namespace {

using namespace std::chrono_literals;
using Kind = ScriptStep::Kind;

std::string error_of(std::string_view text) {
  const auto script = parse_script(text);
  return script ? "no error" : script.error().message;
}

TEST(ScriptParser, ReadsStepsBehindTheColonAndBelowIt) {
  const auto script = parse_script(
      "on EHLO:\n"
      "  250-mx.test\n"
      "  250 STARTTLS\n"
      "\n"
      "# what follows is a comment\n"
      "on STARTTLS: 220 go ahead / handshake\n");
  ASSERT_TRUE(script) << script.error().message;
  ASSERT_EQ(script->rules.size(), 2U);
  EXPECT_EQ(script->rules[0].steps[0].text, "250-mx.test");
  EXPECT_EQ(script->rules[0].steps[1].text, "250 STARTTLS");
  ASSERT_EQ(script->rules[1].steps.size(), 2U);
  EXPECT_EQ(script->rules[1].steps[1].kind, Kind::handshake);
}

TEST(ScriptParser, ReadsCommandsArgumentAndConditions) {
  const auto script =
      parse_script("on mail|RCPT <*@local.test> (tls, before login, first 2 times): 450 later");
  ASSERT_TRUE(script) << script.error().message;
  const auto& rule = script->rules.at(0);
  EXPECT_EQ(rule.commands, (std::vector<std::string>{"MAIL", "RCPT"}));
  EXPECT_EQ(rule.argument, "*@local.test");
  EXPECT_EQ(rule.tls, true);
  EXPECT_EQ(rule.logged_in, false);
  EXPECT_EQ(rule.first_times, 2);
}

TEST(ScriptParser, ReadsTlsAndUser) {
  const auto script = parse_script(
      "tls implicit certificate=other-name version=1.2\nuser me@x.test password a b\n");
  ASSERT_TRUE(script) << script.error().message;
  EXPECT_TRUE(script->tls->implicit);
  EXPECT_EQ(script->tls->certificate, CertificateKind::other_name);
  EXPECT_EQ(script->tls->version, "1.2");
  EXPECT_EQ(script->user->name, "me@x.test");
  EXPECT_EQ(script->user->password, Secret("a b"));
}

TEST(ScriptParser, PutsTheRulesOfAWindowFirst) {
  const auto script = parse_script(
      "on AUTH: 235 in\n"
      "during 60s..2m of 3m:\n"
      "  on AUTH: 535 out\n"
      "on MAIL: 250 ok\n");
  ASSERT_TRUE(script) << script.error().message;
  ASSERT_EQ(script->rules.size(), 3U);
  EXPECT_EQ(script->rules[0].steps[0].text, "535 out");
  EXPECT_EQ(script->rules[0].window->to, 2min);
  EXPECT_EQ(script->rules[0].window->period, 3min);
  EXPECT_FALSE(script->rules[2].window);
}

TEST(ScriptParser, NamesTheLineAndTheCure) {
  EXPECT_EQ(error_of("on EHLO: 250 ok\nsay hello\n"),
            "2: \"say hello\" begins no line of a script; write tls, user, banner:, on COMMAND:, "
            "during or after, or indent a step below one of them");
  EXPECT_EQ(error_of("on EHLO\n"), "1: \"on EHLO\" lacks its colon");
  EXPECT_EQ(error_of("\non EHLO (sometimes): 250 ok"),
            "2: condition \"sometimes\" is unknown; write clear, tls, before login, after login or "
            "first N times");
  EXPECT_EQ(error_of("tls certificate=old"),
            "1: certificate \"old\" is unknown; write valid, expired, expiring, other-name, "
            "self-signed or untrusted");
  EXPECT_EQ(error_of("during 2m..1m:\n"),
            "1: \"2m..1m\" is no stretch of time; write 60s..120s or 60s..120s of 3m");
  EXPECT_EQ(error_of("after lunch:\n"), "1: \"lunch\" is no time; write after 90s:");
  EXPECT_EQ(error_of("user probe"),
            "1: write user NAME password PASSWORD, or user * password * for anybody");
}

TEST(ScriptParser, CountsLinesFromWhereTheScriptBegins) {
  EXPECT_EQ(parse_script("on EHLO\n", 12).error().message, "12: \"on EHLO\" lacks its colon");
}

TEST(ScriptSteps, ReadsEveryKind) {
  EXPECT_EQ(parse_script_step("delay 800ms")->time, 800ms);
  EXPECT_EQ(parse_script_step("hang")->kind, Kind::hang);
  EXPECT_EQ(parse_script_step("close")->kind, Kind::close);
  EXPECT_EQ(parse_script_step("reset")->kind, Kind::reset);
  EXPECT_EQ(parse_script_step("250")->kind, Kind::reply);
  const auto repeat = parse_script_step("repeat 1000 \"250-more\\r\\n\" every 10ms");
  ASSERT_TRUE(repeat);
  EXPECT_EQ(repeat->times, 1000U);
  EXPECT_EQ(repeat->text, "250-more\r\n");
  EXPECT_EQ(repeat->time, 10ms);
}

TEST(ScriptSteps, ReadsEscapesAndKeepsNulBytes) {
  const auto step = parse_script_step("bytes \"\\x00\\xff\\t\\\"\\\\\\r\\n\"");
  ASSERT_TRUE(step);
  EXPECT_EQ(step->text, std::string("\0\xff\t\"\\\r\n", 7));
}

TEST(ScriptSteps, RefusesWhatIsNoStep) {
  for (const char* text :
       {"bytes", "bytes \"open", "bytes \"\\q\"", "bytes \"a\" b", "repeat x \"a\"", "repeat 2",
        "repeat 2 \"a\" every day", "delay soon", "2500 ok", "jump"}) {
    EXPECT_FALSE(parse_script_step(text)) << text;
  }
}

}  // namespace
}  // namespace sre
