#include <gmock/gmock.h>

#include <sstream>

#include "tests/config/scratch.h"

namespace sre {
namespace {

using testing::Each;
using testing::HasSubstr;
using testing::Not;

// Each file below testdata/bad has one fault, which its name tells, and begins with the errors that
// it must yield, a comment line each: "# line:column: message".
std::vector<std::string> expected_errors(const std::string& text) {
  std::vector<std::string> expected;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line) && line.starts_with("# ");) {
    expected.push_back("DIR/bad.toml:" + line.substr(2));
  }
  return expected;
}

class BadFile : public Scratch, public testing::WithParamInterface<std::filesystem::path> {};

TEST_P(BadFile, YieldsExactlyTheErrorsItNames) {
  const auto text = read_text(GetParam());
  write("bad.toml", text);
  const auto loaded = load_config(path("bad.toml"));
  ASSERT_FALSE(loaded);
  EXPECT_EQ(errors(loaded), expected_errors(text));
}

TEST_P(BadFile, HasNoSecretInItsErrors) {
  write("bad.toml", read_text(GetParam()));
  const auto loaded = load_config(path("bad.toml"));
  ASSERT_FALSE(loaded);
  EXPECT_THAT(errors(loaded), Each(Not(HasSubstr(kPassword))));
  EXPECT_THAT(errors(loaded), Each(Not(HasSubstr(kOtherSecret))));
}

INSTANTIATE_TEST_SUITE_P(TestData, BadFile,
                         testing::ValuesIn(toml_files(source("tests/config/testdata/bad"))),
                         name_of_file);

using LoadConfig = Scratch;

TEST_F(LoadConfig, TellsThatAFileIsMissing) {
  EXPECT_THAT(errors(load_config(path("none.toml"))),
              testing::ElementsAre("DIR/none.toml: cannot read the configuration: No such file or "
                                   "directory; name a file that exists with --config.file"));
}

TEST_F(LoadConfig, TellsThatAFileIsAFolder) {
  EXPECT_THAT(
      errors(load_config(path("folder"))),
      testing::ElementsAre("DIR/folder: cannot read the configuration: Is a directory; name "
                           "a file that exists with --config.file"));
}

TEST_F(LoadConfig, GivesTheSystemsReasonForWhatItCannotRead) {
  EXPECT_THAT(errors(load_config(path("secret/none.toml"))),
              testing::ElementsAre(HasSubstr("cannot read the configuration: Not a directory;")));
}

}  // namespace
}  // namespace sre
