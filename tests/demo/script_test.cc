#include "agent/demo/script.h"

#include <gtest/gtest.h>

#include "agent/demo/script_parser.h"

namespace sre {
namespace {

using namespace std::chrono_literals;

Script script_of(std::string_view text) {
  auto script = parse_script(text);
  if (!script) throw std::runtime_error(script.error().message);
  return std::move(*script);
}

// The first line of the answer at `moment`; `count` is what rules with `first N times` are told.
std::string answer(const Script& script, const ScriptMoment& moment, int count = 1) {
  const auto* rule =
      find_rule(script, moment, [&](std::size_t, const ScriptMoment&) { return count; });
  return rule ? rule->steps.at(0).text : "polite";
}

TEST(Script, TakesTheFirstRuleThatApplies) {
  const auto script = script_of(
      "on RCPT <*@local.test>: 250 ours\n"
      "on RCPT: 554 not ours\n");
  EXPECT_EQ(answer(script, {.command = "RCPT", .argument = "a@local.test"}), "250 ours");
  EXPECT_EQ(answer(script, {.command = "RCPT", .argument = "a@else.test"}), "554 not ours");
  EXPECT_EQ(answer(script, {.command = "MAIL", .argument = "a@local.test"}), "polite");
}

TEST(Script, TellsClearFromTlsAndBeforeFromAfterLogin) {
  const auto script = script_of(
      "on EHLO (clear): 250 STARTTLS\n"
      "on MAIL (before login): 530 log in\n");
  EXPECT_EQ(answer(script, {.command = "EHLO", .tls = false}), "250 STARTTLS");
  EXPECT_EQ(answer(script, {.command = "EHLO", .tls = true}), "polite");
  EXPECT_EQ(answer(script, {.command = "MAIL", .logged_in = false}), "530 log in");
  EXPECT_EQ(answer(script, {.command = "MAIL", .logged_in = true}), "polite");
}

TEST(Script, EndsARuleOfTheFirstTimes) {
  const auto script = script_of("on RCPT (first 2 times): 450 later\n");
  EXPECT_EQ(answer(script, {.command = "RCPT"}, 2), "450 later");
  EXPECT_EQ(answer(script, {.command = "RCPT"}, 3), "polite");
}

TEST(Script, RepeatsItsWindow) {
  const auto script = script_of("during 60s..120s of 120s:\n  on AUTH: 535 no\n");
  const auto at = [&](Duration time) {
    return answer(script, {.command = "AUTH", .since_start = time});
  };
  EXPECT_EQ(at(59s), "polite");
  EXPECT_EQ(at(60s), "535 no");
  EXPECT_EQ(at(119s), "535 no");
  EXPECT_EQ(at(120s), "polite");
  EXPECT_EQ(at(180s), "535 no");
}

TEST(Script, NeverEndsWhatComesAfterATime) {
  const auto script = script_of("after 30s:\n  on EHLO: 250 gone\n");
  EXPECT_EQ(answer(script, {.command = "EHLO", .since_start = 29s}), "polite");
  EXPECT_EQ(answer(script, {.command = "EHLO", .since_start = 100h}), "250 gone");
}

TEST(Script, LetsAStarStandForCommandsButNotForEvents) {
  const auto script = script_of("on *: 421 leave\n");
  EXPECT_EQ(answer(script, {.command = "WHATEVER"}), "421 leave");
  EXPECT_EQ(answer(script, {.command = "BANNER"}), "polite");
}

TEST(PoliteAnswer, OffersStarttlsInClearAndAuthInsideTls) {
  const auto script = script_of("tls certificate=valid\nuser a password b\n");
  const auto clear = polite_answer(script, {.command = "EHLO", .tls = false});
  const auto inside = polite_answer(script, {.command = "EHLO", .tls = true});
  EXPECT_EQ(clear.at(1).text, "250-STARTTLS");
  EXPECT_EQ(inside.at(1).text, "250-AUTH PLAIN LOGIN");
  EXPECT_EQ(clear.size(), inside.size());
}

TEST(PoliteAnswer, KnowsNoOtherCommands) {
  EXPECT_EQ(polite_answer({}, {.command = "GET"}).at(0).text,
            "500 5.5.2 Error: command not recognized");
}

}  // namespace
}  // namespace sre
