#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/base/clock.h"
#include "agent/base/result.h"
#include "agent/knowledge/knowledge.h"
#include "agent/record/history.h"

namespace sre {

// All that the pages know of the rest of the program. Each function is called on the web thread
// while probes run on theirs, so each must be thread-safe, and quick: while it works no other
// request is answered.
struct Sources {
  std::function<std::vector<CheckView>()> overview;
  // Nothing when no check has that id ("target/check").
  std::function<std::optional<CheckHistory>(std::string_view id)> history;
  std::function<std::string()> metrics;  // Prometheus text format 0.0.4
  // The running configuration in TOML, secrets as `<secret>`.
  std::function<std::string()> config_text;
  // Has a check run as soon as may be. Not where its login was refused and it has been tried again
  // too often since: then it says how long not.
  std::function<std::optional<Duration>(const CheckView& check)> run_now;
  // Has the configuration read anew; `done` is called on another thread. The error is what an
  // administrator has to mend; the old configuration then stays.
  std::function<void(std::function<void(const Result<void>&)> done)> reload;
  std::function<bool()> ready;
  // The check that /probe is asked for: a module's question put to a target, to be over within a
  // time. The error is what is wrong with the request.
  std::function<Result<CheckPtr>(std::string_view module, std::string_view target, Duration limit)>
      probe_check;
  // Runs it now; `done` is called on another thread, with nullptr when too many run already.
  std::function<void(CheckPtr check, std::function<void(const RunPtr&)> done)> probe;
  // One such run in Prometheus' text format.
  std::function<std::string(const Run& run)> probe_metrics;
  // The knowledge base in force; a reload puts another in its place.
  std::function<std::shared_ptr<const Knowledge>()> knowledge;
};

}  // namespace sre
