// Runs every file of tests/dialogues/: one test a file, named after it.
#include "tests/dialogues/run/run.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "agent/base/text.h"
#include "agent/demo/scripted_server.h"
#include "tests/base/files.h"
#include "tests/dialogues/dialogue_file.h"

namespace sre {
namespace {

namespace fs = std::filesystem;

std::shared_ptr<const Certificates> certificates() {
  static const auto made = Certificates::make(system_clock().wall()).value();
  return made;
}

// The authority's certificate in a file that lives as long as the program.
const std::string& ca_file() {
  static const test::ScratchFolder folder;
  static const auto file = folder.write("ca.pem", certificates()->ca_pem());
  return file;
}

std::string shown_replies(const Transcript& transcript) {
  std::string text;
  for (const auto& step : transcript.steps) {
    if (step.unfinished) {
      text += fmt::format("{}{} {}-", text.empty() ? "" : ", ", to_string(step.phase),
                          step.unfinished->code);
    }
    if (!step.reply) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", to_string(step.phase),
                        describe_code(*step.reply));
  }
  return text;
}

// Everything that leaves a run, in one text.
std::string everything_shown(const Run& run) {
  std::string text = run.verdict.detail + "\n" + run.verdict.expected + "\n";
  if (run.verdict.reply) text += run.verdict.reply->text() + "\n";
  if (run.transcript.fault) text += run.transcript.fault->detail + "\n";
  for (const auto& step : run.transcript.steps) {
    text += step.command + "\n";
    if (step.reply) text += step.reply->text() + "\n";
  }
  return text;
}

void expect_verdict(const DialogueExpectation& expected, const Verdict& verdict) {
  EXPECT_EQ(verdict.passed, expected.passed);
  EXPECT_EQ(to_string(verdict.phase), to_string(*expected.phase));
  EXPECT_EQ(to_string(verdict.reason), to_string(*expected.reason));
  if (expected.reply) {
    EXPECT_EQ(verdict.reply ? describe_code(*verdict.reply) : "none", *expected.reply);
  }
}

void expect_received(const DialogueExpectation& expected, const ServerRecord& record) {
  const auto lines = record.lines();
  const auto came = [&](const std::string& pattern) {
    return std::any_of(lines.begin(), lines.end(),
                       [&](const std::string& line) { return matches_glob(pattern, line); });
  };
  for (const auto& pattern : expected.received) EXPECT_TRUE(came(pattern)) << pattern;
  for (const auto& pattern : expected.not_received) EXPECT_FALSE(came(pattern)) << pattern;
  EXPECT_LE(record.most_at_once, 1U);
}

class DialogueTest : public testing::Test {
 public:
  explicit DialogueTest(fs::path file) : file_(std::move(file)) {}

  void TestBody() override {
    const auto dialogue = parse_dialogue(test::read_text(file_));
    ASSERT_TRUE(dialogue) << file_.string() << ":" << dialogue.error().message;
    auto server =
        ScriptedServer::start(loop_, dialogue->server, certificates(), {.port = 0, .record = true});
    ASSERT_TRUE(server) << server.error().message;

    auto check = std::make_shared<Check>(dialogue->check);
    auto target = std::make_shared<Target>(*check->target);
    target->port = (*server)->port();
    target->ca_file = ca_file();
    check->target = target;
    const auto run = run_once(check);

    const auto record = (*server)->record();
    SCOPED_TRACE(printable("the run showed:\n" + everything_shown(*run)));
    expect_verdict(dialogue->expected, run->verdict);
    expect_received(dialogue->expected, record);
    if (dialogue->expected.replies) {
      EXPECT_EQ(shown_replies(run->transcript), *dialogue->expected.replies);
    }
    if (target->credentials) {
      expect_secret_kept(target->credentials->secret, dialogue->expected, *run, record);
    }
  }

 private:
  static void expect_secret_kept(const Secret& secret, const DialogueExpectation& expected,
                                 const sre::Run& run, const ServerRecord& record) {
    const auto shown = everything_shown(run);
    for (const auto& form : forms_of_secret(secret.reveal())) {
      EXPECT_EQ(shown.find(form), std::string::npos) << "the run shows " << form;
      if (!expected.secret_stays) continue;
      EXPECT_EQ(record.received.find(form), std::string::npos) << "the server got " << form;
    }
  }

  fs::path file_;
  ServerLoop loop_;
};

void register_all() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(SRE_SOURCE_DIR "/tests/dialogues")) {
    if (entry.path().extension() == ".dialogue") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    testing::RegisterTest("Dialogue", file.stem().c_str(), nullptr, nullptr, file.c_str(), 1,
                          [file]() -> DialogueTest* { return new DialogueTest(file); });
  }
}

}  // namespace
}  // namespace sre

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  sre::register_all();
  return RUN_ALL_TESTS();
}
