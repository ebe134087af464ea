#include "agent/report/report.h"

#include <gtest/gtest.h>

namespace sre {
namespace {

using namespace std::chrono_literals;

CheckPtr login_check() {
  auto target = std::make_shared<Target>();
  target->name = "corp";
  target->host = "smtp.example.com";
  auto check = std::make_shared<Check>();
  check->target = target;
  check->name = "login";
  check->kind = Kind::login;
  return check;
}

Run refused_login() {
  Transcript transcript;
  transcript.started = WallTime(1795361645s);
  transcript.duration = 120ms;
  transcript.steps = {
      {Phase::resolve, "", std::nullopt, 0ms, 1ms},
      {Phase::connect, "", std::nullopt, 1ms, 2ms},
      {Phase::banner, "", Reply::from_text("220 mx.test ESMTP"), 3ms, 4ms},
      {Phase::auth, "AUTH LOGIN", Reply::from_text("334 VXNlcm5hbWU6"), 10ms, 20ms},
      {Phase::auth, "<secret>", Reply::from_text("535-5.7.8 Bad\n535 5.7.8 Go"), 30ms, 40ms},
      {Phase::quit, "QUIT", std::nullopt, 70ms, 50ms},
  };
  Verdict verdict;
  verdict.phase = Phase::auth;
  verdict.reply = *transcript.reply(Phase::auth);
  verdict.expected = "235";
  verdict.reason = Reason::auth_credentials_invalid;
  verdict.rule = "535-credentials";
  return {login_check(), std::move(transcript), std::move(verdict)};
}

TEST(RunJson, HasTheDocumentedKeysInTheirOrder) {
  const std::vector<std::string> expected = {
      "target",   "check",  "kind", "passed",           "phase",  "code",       "enhanced_code",
      "expected", "reason", "rule", "duration_seconds", "phases", "certificate"};
  std::vector<std::string> keys;
  const Json json = run_json(refused_login());
  for (const auto& item : json.items()) keys.push_back(item.key());
  EXPECT_EQ(keys, expected);
}

TEST(RunJson, TellsTheDecidingReply) {
  const Json json = run_json(refused_login());
  EXPECT_EQ(json["target"], "corp");
  EXPECT_EQ(json["passed"], false);
  EXPECT_EQ(json["phase"], "auth");
  EXPECT_EQ(json["code"], 535);
  EXPECT_EQ(json["enhanced_code"], "5.7.8");
  EXPECT_EQ(json["expected"], "235");
  EXPECT_EQ(json["reason"], "auth_credentials_invalid");
  EXPECT_EQ(json["rule"], "535-credentials");
  EXPECT_EQ(json["duration_seconds"], 0.12);
  EXPECT_TRUE(json["certificate"].is_null());
}

TEST(RunJson, ListsEachPhaseOnceWithItsLastReplyAndItsWholeTime) {
  const Json phases = run_json(refused_login())["phases"];
  ASSERT_EQ(phases.size(), 5U);
  EXPECT_EQ(phases[0], Json::parse(R"({"phase": "resolve", "code": null, "enhanced_code": null,
                                       "lines": [], "seconds": 0.001})"));
  EXPECT_EQ(phases[3], Json::parse(R"({"phase": "auth", "code": 535, "enhanced_code": "5.7.8",
                                       "lines": ["5.7.8 Bad", "5.7.8 Go"], "seconds": 0.06})"));
  EXPECT_EQ(phases[4]["phase"], "quit");
  EXPECT_TRUE(phases[4]["code"].is_null());
}

TEST(RunJson, SaysNullWhereNothingIsKnown) {
  auto run = refused_login();
  run.verdict.reply.reset();
  run.verdict.expected.clear();
  run.verdict.rule.clear();
  const Json json = run_json(run);
  for (const char* key : {"code", "enhanced_code", "expected", "rule", "certificate"}) {
    EXPECT_TRUE(json[key].is_null()) << key;
  }
}

TEST(RunJson, TellsTheCertificateAlsoWhenItIsTurnedDown) {
  auto run = refused_login();
  TlsFacts tls;
  tls.version = "TLSv1.3";
  tls.problem = Reason::certificate_expired;
  tls.certificate =
      Certificate{"CN=mx.test", "CN=ca", "0A", "ab", WallTime(100s), WallTime(1795361645s)};
  run.transcript.tls = tls;
  const Json certificate = run_json(run)["certificate"];
  EXPECT_EQ(certificate["subject"], "CN=mx.test");
  EXPECT_EQ(certificate["not_after"], "2026-11-22T15:34:05.000Z");
  EXPECT_EQ(certificate["verified"], false);
  EXPECT_EQ(certificate["problem"], "certificate_expired");
  EXPECT_TRUE(certificate["cipher"].is_null());
}

TEST(RunJson, IsValidUtf8WhateverTheServerSent) {
  auto run = refused_login();
  run.transcript.steps[2].reply = Reply::from_text("220 caf\xE9 \x1B[2J");
  const std::string text = to_text(run_json(run));
  EXPECT_NE(text.find(R"(caf\\xE9)"), std::string::npos) << text;
  EXPECT_EQ(text.find('\x1B'), std::string::npos);
}

TEST(CheckJson, SaysNullBeforeTheFirstRun) {
  const Json json = check_json(*login_check(), Standing{}, nullptr);
  for (const char* key : {"passed", "since", "phase", "code", "reason", "last_run"}) {
    EXPECT_TRUE(json[key].is_null()) << key;
  }
  EXPECT_EQ(json["interval_seconds"], 60.0);
  EXPECT_EQ(json["regression"], false);
}

TEST(CheckJson, TellsStandingAndLatestRun) {
  const auto run = refused_login();
  Standing standing;
  standing.ever_passed = true;
  standing = advance(standing, run);
  const Json json = check_json(*run.check, standing, &run);
  EXPECT_EQ(json["passed"], false);
  EXPECT_EQ(json["regression"], true);
  EXPECT_EQ(json["code"], 535);
  EXPECT_EQ(json["expected"], "235");
  EXPECT_EQ(json["consecutive_failures"], 1);
  EXPECT_EQ(json["since"], "2026-11-22T15:34:05.120Z");
}

TEST(CheckJson, KnowsTheLastCodeAfterARestart) {
  Standing standing;
  standing.last_run = WallTime(1s);
  standing.code = 535;
  EXPECT_EQ(check_json(*login_check(), standing, nullptr)["code"], 535);
}

}  // namespace
}  // namespace sre
