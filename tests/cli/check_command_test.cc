#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "agent/cli/commands.h"
#include "agent/demo/script_parser.h"
#include "agent/demo/scripted_server.h"
#include "tests/base/files.h"

namespace sre {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// `check` as a user runs it, with two targets: one that answers and one that refuses.
class CheckCommandTest : public testing::Test {
 protected:
  CheckCommandTest() {
    good = ScriptedServer::start(loop, parse_script("banner: 220 hello\n").value(), nullptr, {})
               .value();
    bad =
        ScriptedServer::start(loop, parse_script("banner: 554 5.3.2 closed\n").value(), nullptr, {})
            .value();
    options.config_file =
        folder.write("config.toml",
                     "[agent]\nhelo = \"me.test\"\n" + target("good", *good) + target("bad", *bad));
  }

  static std::string target(const std::string& name, const ScriptedServer& server) {
    return "[[target]]\nname = \"" + name +
           "\"\nhost = \"127.0.0.1\"\ntls = \"none\"\nport = " + std::to_string(server.port()) +
           "\nchecks = [\"greeting\"]\n";
  }

  int run(std::vector<std::string> selected) {
    options.selected = std::move(selected);
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int status = check_command(options);
    out = testing::internal::GetCapturedStdout();
    err = testing::internal::GetCapturedStderr();
    return status;
  }

  test::ScratchFolder folder;
  ServerLoop loop;
  std::unique_ptr<ScriptedServer> good;
  std::unique_ptr<ScriptedServer> bad;
  CheckOptions options;
  std::string out;
  std::string err;
};

TEST_F(CheckCommandTest, RunsOneCheckAndSaysThatItPassed) {
  EXPECT_EQ(run({"good/greeting"}), 0);
  EXPECT_THAT(out, AllOf(HasSubstr("good/greeting"), HasSubstr("> EHLO me.test"),
                         HasSubstr("PASSED at ehlo: 250"), Not(HasSubstr("bad"))));
  EXPECT_EQ(err, "");
}

TEST_F(CheckCommandTest, RunsAllInTheirOrderAndFailsWhereOneFails) {
  EXPECT_EQ(run({}), 1);
  EXPECT_LT(out.find("good/greeting"), out.find("bad/greeting"));
  EXPECT_THAT(out,
              AllOf(HasSubstr("PASSED"), HasSubstr("FAILED at banner: expected 220, got 554")));
}

TEST_F(CheckCommandTest, SelectsATargetByItsName) {
  EXPECT_EQ(run({"bad"}), 1);
  EXPECT_THAT(out, Not(HasSubstr("good/")));
}

TEST_F(CheckCommandTest, NamesWhatIsNearestToAWordThatItDoesNotKnow) {
  EXPECT_EQ(run({"goood", "good/greting", "\x1b[1m"}), 2);
  EXPECT_EQ(err,
            "no target and no check is named \"goood\"; did you mean \"good\"?\n"
            "no target and no check is named \"good/greting\"; did you mean \"good/greeting\"?\n"
            "no target and no check is named \"\\x1B[1m\"\n");
  EXPECT_EQ(out, "") << "nothing runs where a word is wrong";
}

TEST_F(CheckCommandTest, SaysWhereTheConfigurationIsWrong) {
  std::ofstream(options.config_file) << "[[target]]\nnmae = \"a\"\n";
  EXPECT_EQ(run({}), 2);
  EXPECT_THAT(err, HasSubstr("config.toml:2:1: "));
}

TEST_F(CheckCommandTest, SaysThatThereIsNothingToCheck) {
  std::ofstream(options.config_file) << "[agent]\n";
  EXPECT_EQ(run({}), 2);
  EXPECT_NE(err, "");
}

TEST_F(CheckCommandTest, PrintsOneArrayOfRunsAsJson) {
  options.format = OutputFormat::json;
  EXPECT_EQ(run({}), 1);
  const auto json = nlohmann::json::parse(out);
  ASSERT_TRUE(json.is_array());
  ASSERT_EQ(json.size(), 2U);
  const auto& failed = json[1];
  std::vector<std::string> keys;
  for (const auto& item : failed.items()) keys.push_back(item.key());
  EXPECT_THAT(keys, testing::UnorderedElementsAre(
                        "target", "check", "kind", "passed", "phase", "code", "enhanced_code",
                        "expected", "reason", "rule", "duration_seconds", "phases", "certificate"));
  EXPECT_EQ(failed["target"], "bad");
  EXPECT_EQ(failed["passed"], false);
  EXPECT_EQ(failed["phase"], "banner");
  EXPECT_EQ(failed["code"], 554);
  EXPECT_EQ(failed["enhanced_code"], "5.3.2");
  EXPECT_EQ(failed["expected"], "220");
  EXPECT_TRUE(failed["certificate"].is_null()) << "what is absent is null";
  EXPECT_EQ(json[0]["passed"], true);
  EXPECT_EQ(json[0]["reason"], "ok");
  for (const auto& phase : json[0]["phases"]) {
    for (const auto* key : {"phase", "code", "enhanced_code", "lines", "seconds"}) {
      EXPECT_TRUE(phase.contains(key)) << key;
    }
  }
}

TEST_F(CheckCommandTest, PrintsAnArrayForOneRunToo) {
  options.format = OutputFormat::json;
  EXPECT_EQ(run({"good"}), 0);
  EXPECT_EQ(nlohmann::json::parse(out).size(), 1U);
}

}  // namespace
}  // namespace sre
