#include "agent/demo/demo.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "tests/base/files.h"
#include "tests/demo/client.h"

namespace sre {
namespace {

namespace fs = std::filesystem;

class DemoTest : public testing::Test {
 protected:
  std::string read(const std::string& name) const { return test::read_text(folder_ / name); }
  // The port that the configuration gives to a target.
  std::uint16_t port_of(const std::string& target) const {
    const auto config = read("demo.toml");
    const auto at = config.find("port = ", config.find("name = \"" + target + "\""));
    return static_cast<std::uint16_t>(std::stoi(config.substr(at + 7, 5)));
  }

  const test::ScratchFolder scratch_;
  const fs::path folder_ = scratch_.path();
};

TEST_F(DemoTest, WritesAConfigurationWithAPortForEveryTarget) {
  const auto demo = Demo::start(folder_);
  ASSERT_TRUE(demo) << demo.error().message;
  EXPECT_EQ((*demo)->config_path(), folder_ / "demo.toml");
  const auto config = read("demo.toml");
  EXPECT_THAT(config, testing::Not(testing::ContainsRegex("port = \\{")));
  for (const auto& script : fs::directory_iterator(SRE_SOURCE_DIR "/agent/demo/scripts")) {
    if (script.path().extension() != ".smtp") continue;
    EXPECT_THAT(config,
                testing::HasSubstr("name = " + ('"' + script.path().stem().string() + '"')));
  }
}

TEST_F(DemoTest, KeepsItsPasswordFromOthers) {
  std::ofstream(folder_ / "demo-password") << "old";  // with whatever mode
  const auto demo = Demo::start(folder_);
  ASSERT_TRUE(demo) << demo.error().message;
  struct stat facts {};
  ASSERT_EQ(::stat((folder_ / "demo-password").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0600U);
  EXPECT_EQ(read("demo-password"), "pear-tree\n");
}

TEST_F(DemoTest, ServesWhatTheConfigurationPromises) {
  const auto demo = Demo::start(folder_);
  ASSERT_TRUE(demo) << demo.error().message;
  Client healthy(port_of("healthy-submission"));
  EXPECT_EQ(healthy.reply(), "220 submission.demo.test ESMTP ready\n");
  healthy.say("STARTTLS");
  EXPECT_EQ(healthy.start_tls(read("demo-ca.pem")), "ok");
  EXPECT_EQ(healthy.say("AUTH PLAIN AHByb2JlQGRlbW8udGVzdABwZWFyLXRyZWU="),
            "235 2.7.0 Authentication successful\n");
  Client busy(port_of("busy"));
  EXPECT_EQ(busy.reply().substr(0, 3), "421");
  EXPECT_EQ(busy.rest(), "<closed>");
}

TEST_F(DemoTest, NamesTheFileThatItCannotWrite) {
  const auto demo = Demo::start(folder_ / "missing");
  ASSERT_FALSE(demo);
  EXPECT_THAT(demo.error().message, testing::StartsWith("the demo cannot write "));
  EXPECT_THAT(demo.error().message, testing::HasSubstr("missing/demo.toml: No such file"));
}

}  // namespace
}  // namespace sre
