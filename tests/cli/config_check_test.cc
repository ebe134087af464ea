#include <gmock/gmock.h>

#include "agent/cli/commands.h"
#include "tests/base/files.h"

namespace sre {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// `--config.check` as a user runs it.
class ConfigCheckTest : public testing::Test {
 protected:
  int check(const std::string& text) {
    ServeOptions options;
    options.config_file = folder.write("config.toml", text);
    options.check_config_only = true;
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int status = serve_command(options);
    out = testing::internal::GetCapturedStdout();
    err = testing::internal::GetCapturedStderr();
    return status;
  }
  int check_state_file(const std::string& path) {
    return check("[agent]\nstate_file = \"" + path + "\"\n");
  }

  test::ScratchFolder folder;
  std::string out;
  std::string err;
};

TEST_F(ConfigCheckTest, CountsWhatThereIs) {
  EXPECT_EQ(check("[[target]]\nname = \"a\"\nhost = \"a.test\"\nchecks = [\"greeting\"]\n"), 0);
  EXPECT_THAT(out, HasSubstr("config.toml: 1 target, 1 check, no errors\n"));
  EXPECT_EQ(check(""), 0);
  EXPECT_THAT(out, HasSubstr("config.toml: 0 targets, 0 checks, no errors\n"));
  EXPECT_EQ(err, "");
}

TEST_F(ConfigCheckTest, HasNothingAgainstAStateFileThatCanBeWritten) {
  EXPECT_EQ(check_state_file("state.db"), 0);
  folder.write("state.db", "");
  EXPECT_EQ(check_state_file("state.db"), 0);
  EXPECT_EQ(err, "");
}

TEST_F(ConfigCheckTest, WarnsOfAStateFileThatCannotBeWritten) {
  EXPECT_EQ(check_state_file("none/state.db"), 0) << "the daemon may be another user";
  EXPECT_THAT(err, AllOf(HasSubstr("config.toml: warning: state_file: "),
                         HasSubstr("none/state.db\": No such file or directory; ")));
  folder.write("file", "");
  EXPECT_EQ(check_state_file("file/state.db"), 0);
  EXPECT_THAT(err, HasSubstr("Not a directory"));
}

}  // namespace
}  // namespace sre
