#include "agent/cli/temporary_folder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <utility>

namespace sre {
namespace {

namespace fs = std::filesystem;

TEST(TemporaryFolder, IsForItsMakerOnlyAndGoesWithAllItHolds) {
  std::string path;
  {
    const auto folder = TemporaryFolder::make("sre_test");
    ASSERT_TRUE(folder) << folder.error().message;
    path = folder->path();
    EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_all);
    std::ofstream(path + "/file") << "text";
  }
  EXPECT_FALSE(fs::exists(path));
}

TEST(TemporaryFolder, LivesOnWhereItIsMovedTo) {
  auto folder = TemporaryFolder::make("sre_test");
  ASSERT_TRUE(folder);
  const auto path = folder->path();
  {
    const TemporaryFolder moved = std::move(*folder);
    EXPECT_TRUE(fs::exists(moved.path()));
  }
  EXPECT_FALSE(fs::exists(path));
}

}  // namespace
}  // namespace sre
