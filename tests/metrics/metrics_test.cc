#include "agent/metrics/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <thread>

#include "tests/metrics/sample.h"

namespace sre {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using testing::full_run;
using ::testing::HasSubstr;
using testing::make_check;
using testing::ManualClock;
using ::testing::Not;

// A line of an exposition, with all of its labels.
auto has(std::string_view series) { return HasSubstr("\n" + std::string(series) + "\n"); }
// Any line that begins so.
auto has_any(std::string_view start) { return HasSubstr("\n" + std::string(start)); }

class MetricsTest : public ::testing::Test {
 protected:
  MetricsTest() { metrics.replace(std::array{login}); }

  void pass(const CheckPtr& check, Duration at) {
    observe(full_run(check, at, "235 2.7.0 welcome", Reason::ok));
  }
  void fail(const CheckPtr& check, Duration at) {
    observe(full_run(check, at, "535 5.7.8 wrong", Reason::auth_credentials_invalid));
  }
  void observe(const sre::Run& run) {
    standing = advance(standing, run);
    metrics.observe(run, standing);
  }

  const CheckPtr login = make_check("corp", "login");
  Standing standing;
  Metrics metrics{testing::small_sets(), testing::sample_build(), testing::sample_options()};
};

TEST_F(MetricsTest, ExpectedCodesAreThereBeforeTheFirstRun) {
  EXPECT_THAT(
      metrics.expose(),
      AllOf(
          has(R"(smtp_check_replies_total{target="corp",check="login",phase="auth",code="235"} 0)"),
          has(R"(smtp_check_expected_reply_code{target="corp",check="login",phase="auth"} 235)"),
          has(R"(smtp_check_runs_total{target="corp",check="login"} 0)"),
          has(R"(smtp_check_interval_seconds{target="corp",check="login"} 60)"),
          Not(has_any("smtp_check_success")), Not(has_any("smtp_check_result_info")),
          Not(has_any("smtp_check_last_run"))));
}

TEST_F(MetricsTest, AFlipFrom235To535IsSeen) {
  pass(login, 1min);
  fail(login, 2min);
  const auto text = metrics.expose();
  EXPECT_THAT(text, has(R"(smtp_check_success{target="corp",check="login"} 0)"));
  EXPECT_THAT(text, has(R"(smtp_check_reachable{target="corp",check="login"} 1)"));
  EXPECT_THAT(text, has(R"(smtp_check_regression{target="corp",check="login"} 1)"));
  EXPECT_THAT(text, has(R"(smtp_check_consecutive_failures{target="corp",check="login"} 1)"));
  EXPECT_THAT(text, has(R"(smtp_check_reply_code{target="corp",check="login",phase="auth"} 535)"));
  EXPECT_THAT(
      text,
      has(R"(smtp_check_failures_total{target="corp",check="login",reason="auth_credentials_invalid"} 1)"));
  EXPECT_THAT(
      text,
      has(R"(smtp_check_replies_total{target="corp",check="login",phase="ehlo",code="250"} 4)"));
  EXPECT_THAT(
      text,
      has(R"(smtp_check_last_success_timestamp_seconds{target="corp",check="login"} 1767323105)"));
}

TEST_F(MetricsTest, ThereIsOneResultForACheckHoweverItChanges) {
  pass(login, 1min);
  fail(login, 2min);
  const auto text = metrics.expose();
  const auto first = text.find("\nsmtp_check_result_info");
  EXPECT_EQ(text.find("\nsmtp_check_result_info", first + 1), std::string::npos);
  EXPECT_THAT(
      text,
      has(R"(smtp_check_result_info{target="corp",check="login",phase="auth",code="535",enhanced_code="5.7.8",reason="auth_credentials_invalid"} 1)"));
}

TEST_F(MetricsTest, WithoutAReplyTheCodeIsAbsent) {
  pass(login, 1min);
  sre::Run run;
  run.check = login;
  run.verdict.phase = Phase::connect;
  run.verdict.reason = Reason::connection_refused;
  observe(run);
  EXPECT_THAT(
      metrics.expose(),
      AllOf(
          Not(has_any("smtp_check_reply_code")),
          has(R"(smtp_check_reachable{target="corp",check="login"} 0)"),
          has(R"(smtp_check_result_info{target="corp",check="login",phase="connect",code="",enhanced_code="",reason="connection_refused"} 1)")));
}

TEST_F(MetricsTest, AReloadKeepsCountersOfUnchangedIds) {
  fail(login, 1min);
  metrics.replace(std::array{make_check("new", "tls", Kind::tls), make_check("corp", "login")});
  EXPECT_THAT(metrics.expose(),
              AllOf(has(R"(smtp_check_runs_total{target="corp",check="login"} 1)"),
                    has(R"(smtp_check_runs_total{target="new",check="tls"} 0)"),
                    has(R"(smtp_check_duration_seconds_count{target="corp",check="login"} 1)"),
                    has(R"(smtp_tls_certificate_verified{target="corp"} 1)")));
}

TEST_F(MetricsTest, ACheckThatIsGoneTakesItsSeriesWithIt) {
  fail(login, 1min);
  metrics.replace(std::array{make_check("new", "tls", Kind::tls)});
  EXPECT_THAT(metrics.expose(), Not(HasSubstr("corp")));
  fail(login, 2min);  // it was still running
  EXPECT_THAT(metrics.expose(), Not(HasSubstr("corp")));
}

TEST_F(MetricsTest, TheStandingOfTheLastLifeShowsUntilTheFirstRun) {
  const auto before = advance(advance({}, full_run(login, 1min, "235 ok", Reason::ok)),
                              full_run(login, 2min, "535 no", Reason::auth_credentials_invalid));
  metrics.restore("corp/login", before);
  EXPECT_THAT(
      metrics.expose(),
      AllOf(
          has(R"(smtp_check_success{target="corp",check="login"} 0)"),
          has(R"(smtp_check_regression{target="corp",check="login"} 1)"),
          has(R"(smtp_check_last_run_timestamp_seconds{target="corp",check="login"} 1767323165)")));
  pass(login, 3min);
  metrics.restore("corp/login", before);
  EXPECT_THAT(metrics.expose(), has(R"(smtp_check_success{target="corp",check="login"} 1)"));
}

TEST_F(MetricsTest, TheIntervalShowsTheBackOffUntilTheConfiguredOneChanges) {
  const std::string_view series = R"(smtp_check_interval_seconds{target="corp",check="login"} )";
  metrics.set_interval("corp/login", 120s);
  metrics.replace(std::array{make_check("corp", "login")});
  EXPECT_THAT(metrics.expose(), has(std::string(series) + "120"));
  auto slower = std::make_shared<Check>(*login);
  slower->interval = 300s;
  metrics.replace(std::array<CheckPtr, 1>{slower});
  EXPECT_THAT(metrics.expose(), has(std::string(series) + "300"));
}

TEST_F(MetricsTest, ACertificateIsKnownWhileItsServerIsDown) {
  pass(login, 1min);
  sre::Run down;
  down.check = login;
  observe(down);
  EXPECT_THAT(metrics.expose(),
              AllOf(has_any("smtp_tls_certificate_not_after_timestamp_seconds{target=\"corp\"} "),
                    has_any("smtp_ehlo_extension{target=\"corp\",extension=\"AUTH\"")));
}

TEST_F(MetricsTest, AGreetingDoesNotHideWhatALoginSawUnderTls) {
  const auto greeting = make_check("corp", "greeting", Kind::greeting);
  metrics.replace(std::array{login, greeting});
  pass(login, 1min);
  auto run = full_run(greeting, 2min, "250 ok", Reason::ok);
  run.transcript.ehlo_after_tls.reset();
  run.transcript.tls.reset();
  observe(run);
  EXPECT_THAT(
      metrics.expose(),
      AllOf(has_any("smtp_tls_info"),
            has(R"(smtp_auth_mechanism_offered{target="corp",mechanism="PLAIN",tls="after"} 1)")));
}

TEST_F(MetricsTest, TlsGoesWhenTheServerOffersItNoMore) {
  pass(login, 1min);
  auto run = full_run(login, 2min, "250 ok", Reason::ok);
  run.transcript.ehlo_before_tls = parse_ehlo(Reply::from_text("250-mx\n250 SIZE 1000"));
  run.transcript.ehlo_after_tls.reset();
  run.transcript.tls.reset();
  observe(run);
  EXPECT_THAT(metrics.expose(), AllOf(Not(has_any("smtp_tls_")), Not(HasSubstr("STARTTLS")),
                                      Not(HasSubstr("tls=\"after\"")),
                                      has(R"(smtp_ehlo_size_limit_bytes{target="corp"} 1000)")));
}

TEST_F(MetricsTest, TheDurationHistogramMayBeSwitchedOff) {
  auto options = testing::sample_options();
  options.durations = false;
  Metrics lean(testing::small_sets(), testing::sample_build(), options);
  lean.replace(std::array{login});
  EXPECT_THAT(lean.expose(), Not(HasSubstr("smtp_check_duration_seconds")));
}

TEST_F(MetricsTest, TheAgentTellsOfItself) {
  metrics.config_reloaded(true, ManualClock::kStart);
  metrics.config_reloaded(false, ManualClock::kStart + 1h);
  metrics.set_in_flight(7);
  metrics.observe_start_delay(20ms);
  metrics.count_skipped("target_busy", 2);
  metrics.count_skipped("a cause nobody planned");
  EXPECT_THAT(
      metrics.expose(),
      AllOf(has("smtp_reply_exporter_config_last_reload_successful 0"),
            has("smtp_reply_exporter_config_last_reload_success_timestamp_seconds 1767323045"),
            has("smtp_reply_exporter_checks_in_flight 7"),
            has(R"(smtp_reply_exporter_check_start_delay_seconds_bucket{le="0.025"} 1)"),
            has(R"(smtp_reply_exporter_checks_skipped_total{cause="target_busy"} 2)"),
            has(R"(smtp_reply_exporter_checks_skipped_total{cause="running"} 0)"),
            has(R"(smtp_reply_exporter_checks_skipped_total{cause="other"} 1)"),
            has("process_max_fds 1024")));
}

TEST_F(MetricsTest, AProbeAnswersWithoutTargetAndCheckAndAsBlackboxDoes) {
  const auto run = full_run(login, 1min, "535 5.7.8 wrong", Reason::auth_credentials_invalid);
  const auto text = metrics.expose_probe(run);
  EXPECT_THAT(text, ::testing::StartsWith("# HELP probe_success "));
  EXPECT_THAT(text, AllOf(has("probe_success 0"), has("probe_duration_seconds 0.25"),
                          has("probe_ip_protocol 4"), has("probe_dns_lookup_time_seconds 0.001"),
                          has("probe_ssl_earliest_cert_expiry 1768187045"),
                          has(R"(probe_tls_version_info{version="TLS 1.3"} 1)")));
  EXPECT_THAT(text,
              AllOf(has("smtp_check_success 0"), has(R"(smtp_check_reply_code{phase="auth"} 535)"),
                    has(R"(smtp_ehlo_extension{extension="AUTH",tls="after"} 1)"),
                    has("smtp_tls_certificate_verified 1")));
  EXPECT_THAT(text, AllOf(Not(HasSubstr("target=")), Not(HasSubstr("check=")),
                          Not(HasSubstr("_total")), Not(HasSubstr("process_"))));
}

TEST_F(MetricsTest, AProbeThatFoundNoAddressSaysSo) {
  sre::Run run;
  run.check = login;
  run.verdict.reason = Reason::dns_not_found;
  EXPECT_THAT(metrics.expose_probe(run),
              AllOf(has("probe_ip_protocol 0"), has("probe_dns_lookup_time_seconds 0"),
                    Not(HasSubstr("probe_ssl")), Not(HasSubstr("probe_tls"))));
  run.transcript.address = "2001:db8::1";
  EXPECT_THAT(metrics.expose_probe(run), has("probe_ip_protocol 6"));
}

TEST_F(MetricsTest, MayBeScrapedWhileRunsComeIn) {
  constexpr int kRounds = 300;
  std::thread runs([&] {
    for (int i = 0; i < kRounds; ++i) pass(login, i * 1s);
  });
  std::thread reloads([&] {
    for (int i = 0; i < kRounds; ++i) {
      metrics.replace(std::array{login});
      metrics.set_interval("corp/login", i * 1s);
    }
  });
  for (int i = 0; i < kRounds; ++i) EXPECT_THAT(metrics.expose(), has_any("smtp_check_runs_total"));
  runs.join();
  reloads.join();
  EXPECT_THAT(metrics.expose(), has(R"(smtp_check_runs_total{target="corp",check="login"} 300)"));
}

}  // namespace
}  // namespace sre
