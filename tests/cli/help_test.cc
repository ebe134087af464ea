#include "agent/cli/help.h"

#include <gmock/gmock.h>

#include "tests/cli/command_line.h"

namespace sre {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(Help, ShowsTheProgramItsCommandsAndItsFlags) {
  const auto help = parse({"--help"});
  EXPECT_EQ(help.status(), 0);
  EXPECT_EQ(help.err, "");
  EXPECT_THAT(help.out, StartsWith("Usage: smtp_reply_exporter [COMMAND] [FLAG]...\n\n"));
  for (const auto* command : {"serve", "demo", "check", "probe", "explain", "compare", "codes",
                              "reasons", "classify", "healthcheck"}) {
    EXPECT_THAT(help.out, HasSubstr(std::string("\n  ") + command + " "));
  }
  EXPECT_THAT(help.out, AllOf(HasSubstr("\n  -h, --help "), HasSubstr("\n      --version "),
                              HasSubstr("\n      --config.file=FILE        Configuration file"),
                              HasSubstr("\n      --web.listen-address=ADDRESS\n"),
                              HasSubstr("\n      --log.level=debug|info|warn|error\n")));
}

TEST(Help, ShowsOfACommandItsOwnFlagsAndTheCommonOnesThatItTakes) {
  const auto check = parse({"check", "--help"});
  EXPECT_EQ(check.status(), 0);
  EXPECT_THAT(check.out,
              StartsWith("Usage: smtp_reply_exporter check [FLAG]... [TARGET[/CHECK]]...\n"));
  EXPECT_THAT(check.out, AllOf(HasSubstr("\n      --format=text|json "),
                               HasSubstr("\n      --config.file=FILE "),
                               Not(HasSubstr("--web.listen-address"))));
  EXPECT_THAT(parse({"probe", "--help"}).out,
              AllOf(HasSubstr("\n      --no-verify "), Not(HasSubstr("--config.file"))));
  EXPECT_THAT(parse({"serve", "--help"}).out, HasSubstr("--web.telemetry-path=PATH"));
}

TEST(Help, SaysWhereTheDemoListens) {
  EXPECT_THAT(parse({"demo", "--help"}).out, HasSubstr("demo: 127.0.0.1:10235"));
}

TEST(Help, KeepsToTheWidthOfATerminal) {
  const std::string out = parse({"probe", "--help"}).out + parse({"demo", "--help"}).out;
  std::istringstream lines(out);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U) << line;
}

TEST(Version, NamesTheLibrariesToo) {
  const auto version = parse({"--version"});
  EXPECT_EQ(version.status(), 0);
  EXPECT_THAT(version.out, testing::MatchesRegex(
                               "smtp_reply_exporter [0-9.]+ \\(libcurl [0-9.]+, OpenSSL .*\\)\n"));
}

}  // namespace
}  // namespace sre
