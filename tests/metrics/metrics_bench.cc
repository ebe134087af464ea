// What 5,000 targets with 40 series each cost: a scrape, and one more run of a check. Prints
// medians; `metrics_bench [TARGETS] [ROUNDS]`.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "agent/metrics/metrics.h"
#include "agent/metrics/process.h"
#include "tests/metrics/sample.h"

namespace {

using namespace sre;
using namespace std::chrono_literals;

// Milliseconds that `action` takes.
template <class F>
double timed(F&& action) {
  const auto start = std::chrono::steady_clock::now();
  action();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
      .count();
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + std::ssize(values) / 2, values.end());
  return values[values.size() / 2];
}

double resident_mb() { return read_process("/proc").value_or(ProcessFacts{}).resident_bytes / 1e6; }

}  // namespace

int main(int argc, char** argv) {
  const int targets = argc > 1 ? std::atoi(argv[1]) : 5000;
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 15;
  std::vector<CheckPtr> checks;
  for (int i = 0; i < targets; ++i) {
    checks.push_back(testing::make_check("target-" + std::to_string(i), "login"));
  }
  const auto empty = resident_mb();
  MetricsOptions options;
  options.durations = false;
  Metrics metrics(testing::small_sets(), testing::sample_build(), options);
  metrics.replace(checks);

  std::vector<double> observing;
  std::vector<double> scraping;
  std::string text;
  double values = 0;
  for (int round = 0; round < rounds; ++round) {
    // One run for all: only `check` differs, and its copy is not what is measured.
    auto run = testing::full_run(checks.front(), round * 1min, "235 ok", Reason::ok);
    const auto standing = advance({}, run);
    observing.push_back(timed([&] {
      for (const auto& check : checks) {
        run.check = check;
        metrics.observe(run, standing);
      }
    }));
    std::string().swap(text);  // as after an answer that was sent
    values = resident_mb() - empty;
    scraping.push_back(timed([&] { text = metrics.expose(); }));
  }
  const auto lines = std::count(text.begin(), text.end(), '\n');
  std::printf("%d targets, %.1f series each, %.2f MB of text\n", targets,
              static_cast<double>(lines) / targets, static_cast<double>(text.size()) / 1e6);
  std::printf("scrape   %8.2f ms\n", median(scraping));
  std::printf("observe  %8.2f us a run\n", median(observing) * 1000 / targets);
  std::printf("memory   %8.1f MB of values, %.1f MB with the text\n", values,
              resident_mb() - empty);
  if (argc > 3) std::ofstream(argv[3]) << text;
}
