#include "agent/metrics/process.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

namespace sre {
namespace {

TEST(Process, ReadsTheFieldsBehindANameWithParentheses) {
  const auto facts = read_process(std::string(SRE_SOURCE_DIR) + "/tests/metrics/testdata/proc");
  ASSERT_TRUE(facts);
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  const auto page = static_cast<double>(sysconf(_SC_PAGESIZE));
  EXPECT_DOUBLE_EQ(facts->cpu_seconds, 300 / ticks);
  EXPECT_DOUBLE_EQ(facts->virtual_bytes, 104857600);
  EXPECT_DOUBLE_EQ(facts->resident_bytes, 2560 * page);
  EXPECT_DOUBLE_EQ(facts->open_fds, 2);
  EXPECT_DOUBLE_EQ(facts->max_fds, 1024);
  EXPECT_DOUBLE_EQ(facts->start_time, 1767320000 + 1234 / ticks);
}

TEST(Process, KnowsThisProcess) {
  const auto facts = read_process("/proc");
  ASSERT_TRUE(facts);
  EXPECT_GT(facts->resident_bytes, 0);
  EXPECT_GE(facts->virtual_bytes, facts->resident_bytes);
  EXPECT_GE(facts->open_fds, 3);
  EXPECT_GE(facts->max_fds, facts->open_fds);
}

TEST(Process, SaysNothingWithoutProc) { EXPECT_FALSE(read_process("/nonexistent")); }

}  // namespace
}  // namespace sre
