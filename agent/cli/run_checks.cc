#include "agent/cli/run_checks.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <exception>
#include <map>
#include <utility>

#include "agent/base/clock.h"
#include "agent/cli/exit_status.h"
#include "agent/cli/terminal.h"
#include "agent/pipeline/pipeline.h"
#include "agent/report/report.h"
#include "agent/report/run_view.h"

namespace sre {
namespace {

namespace asio = boost::asio;

constexpr int kNotWritten = 2;

// Never throws, as libcurl's callbacks stand between it and whoever could catch: a full disk is
// seen at the end, in ferror().
void show(const std::string& text) noexcept {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

// Prints each run in the order of the configuration, as soon as all before it are there.
class InOrder {
 public:
  InOrder(std::size_t count, const RunView& view) : runs_(count), view_(view) {}

  void put(std::size_t index, RunPtr run, bool print) {
    runs_[index] = std::move(run);
    while (print && printed_ < runs_.size() && runs_[printed_]) {
      show(view_.whole(*runs_[printed_++]) + "\n");
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
  show(view.heading(*check));
  const auto watch = [&view](const Step& step, bool ended) {
    show(ended ? view.ended(step) : view.begun(step));
  };
  const auto run = co_await pipeline.run(check, watch);
  show(view.verdict(*run));
  out.put(0, run, false);
}

void print_json(const std::vector<RunPtr>& runs) {
  auto all = Json::array();
  for (const auto& run : runs) all.push_back(run_json(*run));
  show(to_text(all));
}

}  // namespace

int run_and_print(const RunRequest& request) {
  asio::io_context io(1);
  Pipeline pipeline(io, system_clock(), request.dns_servers, request.knowledge);
  const RunView view(*request.knowledge, request.language, wants_color(STDOUT_FILENO));
  InOrder out(request.checks.size(), view);
  const bool text = request.format == OutputFormat::text;
  // A fault of the program ends all runs: they must be over before what they use goes.
  std::exception_ptr fault;
  const auto ended = [&](const std::exception_ptr& error) {
    if (!error) return;
    if (!fault) fault = error;
    pipeline.expire_all();
  };
  if (text && request.checks.size() == 1) {
    asio::co_spawn(io, run_live(pipeline, request.checks.front(), out, view), ended);
  } else {
    std::map<const Target*, Numbered> by_target;
    for (std::size_t i = 0; i < request.checks.size(); ++i) {
      by_target[request.checks[i]->target.get()].emplace_back(i, request.checks[i]);
    }
    for (auto& [target, checks] : by_target) {
      asio::co_spawn(io, run_target(pipeline, std::move(checks), out, text), ended);
    }
  }
  io.run();
  if (fault) std::rethrow_exception(fault);
  if (!text) print_json(out.runs());
  const bool all_passed = std::all_of(out.runs().begin(), out.runs().end(),
                                      [](const RunPtr& run) { return run->verdict.passed; });
  if (std::ferror(stdout) != 0) {
    fmt::print(stderr, "the result could not be written to standard output\n");
    return kNotWritten;
  }
  return all_passed ? kPassed : kCheckFailed;
}

}  // namespace sre
