#pragma once

#include <gmock/gmock.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "agent/config/config.h"
#include "tests/base/files.h"

namespace sre {

using test::read_text;
using test::source;

// The secrets that the tests configure, and look for where they must not be.
inline constexpr std::string_view kPassword = "correct horse";
inline constexpr std::string_view kOtherSecret = "battery staple";

// A folder of its own for each test, with what testdata/ names: secrets in good and bad files,
// certificates. Tests of one program run one after the other, so it may set the environment too.
class Scratch : public testing::Test {
 protected:
  Scratch();

  std::string path(std::string_view name) const { return folder_ / name; }
  void write(std::string_view name, std::string_view text, unsigned mode = 0600) const {
    folder_.write(name, text, mode);
  }
  // Parses `text` as the file "test.toml" of the folder.
  Loaded parse(std::string_view text) const;
  // The same where there must be no error; the errors fail the test.
  Config parsed(std::string_view text) const;
  // The errors, one line each, with DIR in place of the folder's path.
  std::vector<std::string> errors(const Loaded& loaded) const;

 private:
  test::ScratchFolder folder_;
};

// All files below `folder` that end with ".toml", sorted.
std::vector<std::filesystem::path> toml_files(const std::filesystem::path& folder);
// For the name of a test that has a file as its parameter.
std::string name_of_file(const testing::TestParamInfo<std::filesystem::path>& file);

// A [credentials.corp] table, and a target that uses it with `more_of_target` keys.
std::string with_credentials(std::string_view more_of_target);

}  // namespace sre
