#include "agent/web/probe_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include "agent/base/text.h"
#include "agent/report/run_view.h"

namespace sre {
namespace {

// The answer has to be on its way before Prometheus gives up.
constexpr double kSecondsForTheAnswer = 0.5;
constexpr double kShortestSeconds = 0.1;
// The module's timeout is shorter anyway; more does not fit a Duration.
constexpr double kLongestSeconds = 3600;

// How long the run may take. A client that says nothing waits for as long as the module does.
Result<Duration> time_limit(const Request& request) {
  const auto text = request.header("X-Prometheus-Scrape-Timeout-Seconds");
  if (text.empty()) return from_seconds(kLongestSeconds);
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  // Written so that not-a-number is refused too.
  if (error != std::errc{} || end != text.data() + text.size() || !(seconds > 0)) {
    return failure(
        fmt::format("X-Prometheus-Scrape-Timeout-Seconds is \"{}\", which is no number "
                    "of seconds",
                    printable(text, 40)));
  }
  return from_seconds(
      std::clamp(seconds - kSecondsForTheAnswer, kShortestSeconds, kLongestSeconds));
}

Response probed(const Site& site, const RunPtr& run, bool debug) {
  if (run == nullptr) {
    return plain_text(503,
                      "Too many probes are under way, or the program is stopping; ask again, or "
                      "raise max_in_flight, of which 500 count here.\n");
  }
  auto metrics = site.sources.probe_metrics(*run);
  if (!debug) return {200, std::string(kMetricsText), {}, std::move(metrics)};
  const auto knowledge = site.sources.knowledge();
  const RunView view(*knowledge, "en", false);
  return plain_text(200, view.whole(*run) + "\n" + metrics);
}

}  // namespace

Response probe_page(const Site& site, const Request& request, const Captures&) {
  const auto limit = time_limit(request);
  if (!limit) return plain_text(400, limit.error().message + ".\n");
  const auto check = site.sources.probe_check(request.parameter("module").value_or(""),
                                              request.parameter("target").value_or(""), *limit);
  if (!check) return plain_text(400, check.error().message + ".\n");
  const bool debug = request.parameter("debug") == "true";
  Response response;
  response.later = [&site, debug, check = *check](const HandOver& hand_over) {
    site.sources.probe(check, [&site, debug, hand_over](const RunPtr& run) {
      hand_over([&site, debug, run] { return probed(site, run, debug); });
    });
  };
  return response;
}

}  // namespace sre
