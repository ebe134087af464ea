#include "agent/cli/run_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <map>
#include <utility>

#include "agent/base/clock.h"
#include "agent/cli/terminal.h"
#include "agent/pipeline/pipeline.h"
#include "agent/report/report.h"

namespace sre {
namespace {

namespace asio = boost::asio;

// Prints each run in the order of the configuration, as soon as all before it are there.
class InOrder {
 public:
  InOrder(std::size_t count, const RunView& view) : runs_(count), view_(view) {}

  void put(std::size_t index, RunPtr run, bool print) {
    runs_[index] = std::move(run);
    while (print && printed_ < runs_.size() && runs_[printed_]) {
      fmt::print("{}\n", view_.whole(*runs_[printed_++]));
      std::fflush(stdout);
    }
  }
  const std::vector<RunPtr>& runs() const { return runs_; }

 private:
  std::vector<RunPtr> runs_;
  const RunView& view_;
  std::size_t printed_ = 0;
};

using Numbered = std::vector<std::pair<std::size_t, CheckPtr>>;

asio::awaitable<void> run_target(Pipeline& pipeline, Numbered checks, InOrder& out, bool print) {
  for (const auto& [index, check] : checks) {
    auto run = co_await pipeline.run(check);
    out.put(index, std::move(run), print);
  }
}

asio::awaitable<void> run_live(Pipeline& pipeline, CheckPtr check, InOrder& out,
                               const RunView& view) {
  fmt::print("{}", view.heading(*check));
  const auto watch = [&view](const Step& step, bool ended) {
    fmt::print("{}", ended ? view.ended(step) : view.begun(step));
    std::fflush(stdout);
  };
  const auto run = co_await pipeline.run(check, watch);
  fmt::print("{}", view.verdict(*run));
  out.put(0, run, false);
}

void print_json(const std::vector<RunPtr>& runs) {
  auto all = Json::array();
  for (const auto& run : runs) all.push_back(run_json(*run));
  fmt::print("{}", to_text(all));
}

}  // namespace

int run_and_print(const RunRequest& request) {
  asio::io_context io(1);
  Pipeline pipeline(io, system_clock(), request.dns_servers, request.knowledge);
  const RunView view(*request.knowledge, request.language, wants_color());
  InOrder out(request.checks.size(), view);
  const bool text = request.format == OutputFormat::text;
  if (text && request.checks.size() == 1) {
    asio::co_spawn(io, run_live(pipeline, request.checks.front(), out, view), asio::detached);
  } else {
    std::map<const Target*, Numbered> by_target;
    for (std::size_t i = 0; i < request.checks.size(); ++i) {
      by_target[request.checks[i]->target.get()].emplace_back(i, request.checks[i]);
    }
    for (auto& [target, checks] : by_target) {
      asio::co_spawn(io, run_target(pipeline, std::move(checks), out, text), asio::detached);
    }
  }
  io.run();
  if (!text) print_json(out.runs());
  const bool all_passed = std::all_of(out.runs().begin(), out.runs().end(),
                                      [](const RunPtr& run) { return run->verdict.passed; });
  return all_passed ? 0 : 1;
}

}  // namespace sre
