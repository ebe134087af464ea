#include "agent/metrics/exposition.h"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <string>

#include "agent/metrics/metrics.h"
#include "tests/base/files.h"
#include "tests/metrics/sample.h"

namespace sre {
namespace {

using namespace std::chrono_literals;

// Compares with tests/metrics/testdata/NAME. After a change that is meant, copy the file that the
// failure names over it and read the difference.
void expect_golden(const std::string& name, const std::string& text) {
  const auto golden = test::read_text(test::source("tests/metrics/testdata/") / name);
  if (golden == text) return;
  const auto got = std::filesystem::temp_directory_path() / ("got_" + name);
  std::ofstream(got) << text;
  EXPECT_EQ(golden, text) << "written to " << got;
}

TEST(Exposition, IsExactlyTheGoldenOne) {
  Metrics metrics(testing::small_sets(), testing::sample_build(), testing::sample_options());
  const auto login = testing::make_check("corp", "login");
  auto labelled = std::make_shared<Target>(*login->target);
  labelled->labels = {{"team", "mail"}, {"note", "a \"quoted\"\nback\\slash"}, {"host", "taken"}};
  auto tls = std::make_shared<Check>(*testing::make_check("corp", "tls", Kind::tls));
  auto checked = std::make_shared<Check>(*login);
  tls->target = labelled;
  checked->target = labelled;
  metrics.replace(std::array<CheckPtr, 3>{checked, tls, testing::make_check("new", "login")});
  metrics.config_reloaded(true, testing::ManualClock::kStart);
  metrics.observe_start_delay(3ms);

  Standing standing;
  for (const auto& run :
       {testing::full_run(checked, 1min, "235 2.7.0 welcome", Reason::ok),
        testing::full_run(checked, 2min, "535 5.7.8 wrong", Reason::auth_credentials_invalid)}) {
    standing = advance(standing, run);
    metrics.observe(run, standing);
  }
  expect_golden("exposition.txt", metrics.expose());
}

TEST(Exposition, AnswersAProbeExactlyAsTheGoldenOne) {
  const Metrics metrics(testing::small_sets(), testing::sample_build(), testing::sample_options());
  const auto login = testing::make_check("corp", "login");
  expect_golden("probe.txt",
                metrics.expose_probe(testing::full_run(login, 2min, "535 5.7.8 wrong",
                                                       Reason::auth_credentials_invalid)));
}

TEST(TextWriter, EscapesLabelValuesAsTheFormatWants) {
  EXPECT_EQ(label("a", "b\\c\"d\ne"), R"(a="b\\c\"d\ne")");
}

TEST(TextWriter, AFamilyWithoutSeriesLeavesNothing) {
  TextWriter out;
  out.begin(family(Metric::check_success));
  EXPECT_EQ(out.take(), "");
}

TEST(TextWriter, WritesWholeNumbersInFullAndFractionsExactly) {
  TextWriter out;
  out.begin(family(Metric::probe_duration_seconds));
  out.series({}, {}, 1767323045.0);
  out.series("x=\"1\"", {}, 0.1);
  out.series({}, "y=\"2\"", std::uint64_t{18446744073709551615U});
  EXPECT_EQ(out.take(),
            "# HELP probe_duration_seconds Time that the whole probe took.\n"
            "# TYPE probe_duration_seconds gauge\n"
            "probe_duration_seconds 1767323045\n"
            "probe_duration_seconds{x=\"1\"} 0.1\n"
            "probe_duration_seconds{y=\"2\"} 18446744073709551615\n");
}

}  // namespace
}  // namespace sre
