#include "agent/base/file.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "tests/base/files.h"

namespace sre {
namespace {

using testing::HasSubstr;

class ReadFile : public testing::Test {
 protected:
  std::string error(mode_t mode, Readers readers) const {
    ::chmod(path_.c_str(), mode);
    const auto text = read_file(path_, 100, readers);
    return text ? "" : text.error().message;
  }

  const test::ScratchFolder folder_;
  const std::string path_ = folder_.write("digits", "0123456789");
};

TEST_F(ReadFile, ReadsNoMoreThanTheLimit) {
  EXPECT_EQ(read_file(path_, 100, Readers::anybody), "0123456789");
  EXPECT_EQ(read_file(path_, 4, Readers::anybody), "0123");
}

TEST_F(ReadFile, MindsWhoMayReadAndChangeIt) {
  EXPECT_EQ(error(0664, Readers::anybody), "");
  EXPECT_THAT(error(0666, Readers::anybody), HasSubstr("others can change"));
  EXPECT_EQ(error(0640, Readers::group), "");
  EXPECT_THAT(error(0660, Readers::group), HasSubstr("(mode 0660); chmod 640 it"));
  EXPECT_THAT(error(0644, Readers::group), HasSubstr("(mode 0644); chmod 640 it"));
  EXPECT_EQ(error(0600, Readers::owner), "");
  EXPECT_THAT(error(0640, Readers::owner), HasSubstr("(mode 0640); chmod 600 it"));
}

TEST_F(ReadFile, NamesWhatItCannotRead) {
  const auto missing = read_file(path_ + ".none", 100, Readers::anybody);
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("digits.none\": No such file"));
  const auto folder = read_file(folder_.path(), 100, Readers::anybody);
  ASSERT_FALSE(folder);
  EXPECT_THAT(folder.error().message, HasSubstr("is no regular file"));
}

}  // namespace
}  // namespace sre
