#include "agent/cli/options.h"

#include <gmock/gmock.h>

#include "tests/cli/command_line.h"

namespace sre {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Options, ServeIsWhatHappensWithoutACommand) {
  const auto serve = parse({}).command<ServeOptions>();
  EXPECT_EQ(serve.config_file, "/etc/smtp_reply_exporter/config.toml");
  EXPECT_THAT(serve.web.listen_addresses, ElementsAre(":10235"));
  EXPECT_EQ(serve.web.telemetry_path, "/metrics");
  EXPECT_FALSE(serve.check_config_only);
}

TEST(Options, ReadsTheFlagsOfServe) {
  for (const bool named : {true, false}) {
    std::vector<const char*> words = {
        "--config.file=a.toml", "--config.check", "--web.listen-address=:1",
        "--web.listen-address", "[::1]:2",        "--web.telemetry-path=/m"};
    if (named) words.insert(words.begin(), "serve");
    const auto serve = parse(words).command<ServeOptions>();
    EXPECT_EQ(serve.config_file, "a.toml");
    EXPECT_TRUE(serve.check_config_only);
    EXPECT_THAT(serve.web.listen_addresses, ElementsAre(":1", "[::1]:2"));
    EXPECT_EQ(serve.web.telemetry_path, "/m");
  }
}

TEST(Options, ReadsHowThePagesAreGuardedAndFound) {
  for (const char* command : {"serve", "demo"}) {
    const auto parsed = parse(
        {command, "--web.config.file=web.yml", "--web.external-url=https://mon.example.com/smtp/"});
    const auto& options = std::get<Options>(parsed.result).command;
    const auto* serve = std::get_if<ServeOptions>(&options);
    const auto& web = serve != nullptr ? serve->web : std::get<DemoOptions>(options).web;
    EXPECT_EQ(web.config_file, "web.yml");
    EXPECT_EQ(web.external_url.origin, "https://mon.example.com");
    EXPECT_EQ(web.external_url.path, "/smtp");
  }
}

TEST(Options, SaysWhatIsWrongWithAnExternalUrl) {
  const auto parsed = parse({"--web.external-url=mon.example.com"});
  EXPECT_EQ(parsed.status(), 2);
  EXPECT_THAT(parsed.err, HasSubstr("--web.external-url: \"mon.example.com\" is no URL"));
}

TEST(Options, SaysWhereTheMetricsCannotBe) {
  for (const auto* path : {"metrics2", "/metrics?", "", "/met%72ics"}) {
    const auto parsed = parse({"--web.telemetry-path", path});
    EXPECT_EQ(parsed.status(), 2) << path;
    EXPECT_THAT(parsed.err, HasSubstr("is no path for the metrics")) << path;
  }
  for (const auto* path : {"/", "/probe", "/codes/535", "/-/healthy", "/-/reload"}) {
    const auto parsed = parse({"--web.telemetry-path", path});
    EXPECT_EQ(parsed.status(), 2) << path;
    EXPECT_THAT(parsed.err, HasSubstr("shows something else")) << path;
  }
  for (const auto* path : {"/metrics", "/smtp/metrics", "/metrics/"}) {
    EXPECT_EQ(parse({"--web.telemetry-path", path}).status(), -1) << path;
  }
}

TEST(Options, ReadsHowToLog) {
  const auto options = std::get<Options>(parse({"--log.level=debug", "--log.format=json"}).result);
  EXPECT_EQ(options.log_level, log::Level::debug);
  EXPECT_EQ(options.log_format, log::Format::json);
  const auto defaults = std::get<Options>(parse({"demo"}).result);
  EXPECT_EQ(defaults.log_level, log::Level::info);
  EXPECT_EQ(defaults.log_format, log::Format::logfmt);
}

TEST(Options, DemoListensOnTheLoopbackUnlessItIsToldOtherwise) {
  EXPECT_THAT(parse({"demo"}).command<DemoOptions>().web.listen_addresses,
              ElementsAre("127.0.0.1:10235"));
  EXPECT_THAT(
      parse({"demo", "--web.listen-address=:9"}).command<DemoOptions>().web.listen_addresses,
      ElementsAre(":9"));
}

TEST(Options, CheckTakesWhichChecksAndAConfiguration) {
  const auto parsed = parse(
      {"check", "corp", "--config.file", "a.toml", "other/login", "--format=json", "--lang=fr"});
  const auto& check = parsed.command<CheckOptions>();
  EXPECT_THAT(check.selected, ElementsAre("corp", "other/login"));
  EXPECT_EQ(check.config_file, "a.toml");
  EXPECT_EQ(check.format, OutputFormat::json);
  EXPECT_EQ(check.language, "fr");
  EXPECT_EQ(parse({"--config.file=b.toml", "check"}).command<CheckOptions>().config_file, "b.toml");
}

TEST(Options, AListenAddressDoesNotSwallowWhatFollows) {
  EXPECT_EQ(parse({"--web.listen-address", ":1", "word"}).status(), 2);
}

TEST(Options, ReadsAllOfProbe) {
  const auto parsed =
      parse({"probe", "mx.test:2525", "--tls=starttls", "--kind=login", "--user=u",
             "--password-file=p", "--mechanism=LOGIN", "--allow-cleartext-login", "--helo=h.test",
             "--from=a@b.test", "--to=c@d.test", "--ca-file=ca", "--server-name=n.test",
             "--no-verify", "--timeout=1m30s", "--format=json", "--lang=tr"});
  const auto& probe = parsed.command<ProbeOptions>();
  EXPECT_EQ(probe.host, "mx.test");
  EXPECT_EQ(probe.port, 2525);
  EXPECT_EQ(probe.tls, TlsMode::starttls);
  EXPECT_EQ(probe.kind, Kind::login);
  EXPECT_EQ(probe.user, "u");
  EXPECT_EQ(probe.password_file, "p");
  EXPECT_EQ(probe.mechanism, "LOGIN");
  EXPECT_TRUE(probe.allow_cleartext_login);
  EXPECT_EQ(probe.helo, "h.test");
  EXPECT_EQ(probe.from, "a@b.test");
  EXPECT_EQ(probe.to, "c@d.test");
  EXPECT_EQ(probe.ca_file, "ca");
  EXPECT_EQ(probe.server_name, "n.test");
  EXPECT_FALSE(probe.verify);
  EXPECT_EQ(probe.timeout, std::chrono::seconds{90});
  EXPECT_EQ(probe.format, OutputFormat::json);
  EXPECT_EQ(probe.language, "tr");
}

TEST(Options, ProbeVerifiesUnlessItIsToldOtherwise) {
  const auto parsed = parse({"probe", "mx.test"});
  EXPECT_TRUE(parsed.command<ProbeOptions>().verify);
  EXPECT_EQ(parsed.command<ProbeOptions>().port, std::nullopt);
  EXPECT_EQ(parsed.command<ProbeOptions>().kind, std::nullopt);
}

TEST(Options, KnowsEveryKindAndEveryTlsMode) {
  for (const Kind kind : kKinds) {
    const auto word = "--kind=" + std::string(to_string(kind));
    EXPECT_EQ(parse({"probe", "a", word.c_str()}).command<ProbeOptions>().kind, kind);
  }
  for (const auto* mode : {"none", "opportunistic", "starttls", "implicit"}) {
    const auto word = std::string("--tls=") + mode;
    EXPECT_EQ(to_string(parse({"probe", "a", word.c_str()}).command<ProbeOptions>().tls), mode);
  }
}

TEST(Options, ReadsHostAndPortOfProbe) {
  const auto probe = parse({"probe", "[2001:db8::1]:587"}).command<ProbeOptions>();
  EXPECT_EQ(probe.host, "2001:db8::1");
  EXPECT_EQ(probe.port, 587);
}

struct WrongCase {
  std::vector<const char*> words;
  const char* message;
};
class WrongCommandLine : public testing::TestWithParam<WrongCase> {};

TEST_P(WrongCommandLine, IsAUsageErrorThatSaysWhatIsWrong) {
  const auto parsed = parse(GetParam().words);
  EXPECT_EQ(parsed.status(), 2);
  EXPECT_THAT(parsed.err, HasSubstr(GetParam().message));
  EXPECT_EQ(parsed.out, "") << "errors belong on standard error";
}
INSTANTIATE_TEST_SUITE_P(
    Each, WrongCommandLine,
    testing::Values(
        WrongCase{{"chekc"}, "unknown command \"chekc\"; did you mean \"check\"?\nsee smtp_reply"},
        WrongCase{{"frobnicate"}, "unknown command \"frobnicate\"\n"},
        WrongCase{{"--web.listen-addres=:1"}, "did you mean \"--web.listen-address\"?"},
        WrongCase{{"probe", "a", "--pasword-file=x"}, "did you mean \"--password-file\"?"},
        WrongCase{{"probe", "a", "--password-fiel=\x1b[1m"}, "unknown flag \"--password-fiel\""},
        WrongCase{{"probe", "a", "b"}, "unknown argument \"b\"\nsee smtp_reply_exporter probe"},
        WrongCase{{"probe"}, "HOST is required"}, WrongCase{{"explain"}, "REPLY is required"},
        WrongCase{{"probe", "a", "--tls=ssl"}, "--tls: \"ssl\" is none of none|opportunistic|"},
        WrongCase{{"probe", "a", "--kind=\x1b[1m"}, "\"\\x1B[1m\" is none of greeting|tls|login|"},
        WrongCase{{"probe", "a", "--timeout=5"}, "\"5\" is no length of time; write --timeout=15s"},
        WrongCase{{"probe", "a", "--timeout=0s"}, "\"0s\" is no length of time"},
        WrongCase{{"explain", "535", "--phase=connect"}, "\"connect\" is none of banner|ehlo|"},
        WrongCase{{"compare", "235"}, "GOT is required"},
        WrongCase{{"codes", "--knowledge.dri=a"}, "did you mean \"--knowledge.dir\"?"},
        WrongCase{{"check", "--format=xml"}, "\"xml\" is none of text|json"},
        WrongCase{{"--log.level=loud"}, "\"loud\" is none of debug|info|warn|error"},
        WrongCase{{"--log.format=xml"}, "\"xml\" is none of logfmt|json"},
        WrongCase{{"explain", "535", "--config.file=a"}, "explain takes no --config.file"},
        WrongCase{{"demo", "--config.file=a"}, "demo takes no --config.file"},
        WrongCase{{"check", "--web.listen-address=:1"}, "check takes no --web.listen-address"},
        WrongCase{{"probe", "a:"}, "\"a:\" is not HOST[:PORT]"}));

TEST(Options, ReadsWhatIsAskedOfTheKnowledgeBase) {
  const auto parsed =
      parse({"compare", "235", "530", "--knowledge.dir=k", "--format=json", "--lang=tr"});
  const auto& compare = parsed.command<CompareOptions>();
  EXPECT_EQ(compare.expected, "235");
  EXPECT_EQ(compare.got, "530");
  EXPECT_EQ(compare.knowledge_dir, "k");
  EXPECT_EQ(compare.format, OutputFormat::json);
  EXPECT_EQ(compare.language, "tr");
  const auto explain = parse({"explain", "535", "--phase=mail"}).command<ExplainOptions>();
  EXPECT_EQ(explain.query, "535");
  EXPECT_EQ(explain.phase, Phase::mail);
  EXPECT_EQ(parse({"codes", "--format=json"}).command<CodesOptions>().format, OutputFormat::json);
  EXPECT_EQ(parse({"reasons"}).command<ReasonsOptions>().format, OutputFormat::text);
  EXPECT_EQ(parse({"classify", "--knowledge.dir=k"}).command<ClassifyOptions>().knowledge_dir, "k");
}

}  // namespace
}  // namespace sre
