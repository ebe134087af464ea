#include "agent/base/log.h"

#include <gmock/gmock.h>

namespace sre::log {
namespace {

TEST(Log, WritesLogfmtWithQuotesOnlyWhereNeeded) {
  EXPECT_EQ(render(Format::logfmt, Level::info, "check failed", {{"target", "mx"}, {"code", 535}}),
            R"(level=info msg="check failed" target=mx code=535)");
}

TEST(Log, KeepsALineOneLineWhateverTheWireBrought) {
  EXPECT_EQ(
      render(Format::logfmt, Level::warn, "reply", {{"text", "a\r\nlevel=error \"x\"\x1b[31m"}}),
      R"(level=warn msg=reply text="a\\x0D\\x0Alevel=error \"x\"\\x1B[31m")");
}

TEST(Log, WritesJsonWithTheSameFields) {
  EXPECT_EQ(render(Format::json, Level::error, "reload", {{"file", "a\xff.toml"}}),
            R"({"level":"error","msg":"reload","file":"a\\xFF.toml"})");
}

}  // namespace
}  // namespace sre::log
