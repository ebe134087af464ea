#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/access/door.h"
#include "agent/base/guarded.h"
#include "agent/base/result.h"
#include "agent/daemon/prober.h"
#include "agent/daemon/reloader.h"
#include "agent/daemon/retry_pace.h"
#include "agent/daemon/watchdog.h"
#include "agent/loading/loading.h"
#include "agent/metrics/metrics.h"
#include "agent/record/record.h"
#include "agent/web/http_server.h"
#include "agent/web/sources.h"
#include "agent/web/web_options.h"

namespace sre {

struct AgentOptions {
  std::string config_file;
  WebOptions web;
  std::string version;
};

// The whole running program: what remembers (Record, Metrics), what asks (Prober, on the probe
// thread), what shows (HttpServer, on the web thread) and what reads files (Reloader, on the reload
// thread), and the configuration that all of them follow. Thread-safe.
class Agent {
 public:
  // Reads the configuration, listens and begins to check.
  static Result<std::unique_ptr<Agent>> start(AgentOptions options, const Clock& clock);
  ~Agent();
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;

  // Has the configuration read anew, and that of the web, all or nothing: on an Error the running
  // one goes on. Unchanged checks keep their schedule, counters and history. Returns at once; what
  // it came to is told to `done`, by the rules of Reloader::ask(), to the log, to the metrics and
  // to systemd.
  void reload(Reloader::Done done = {});

  // Refuses reloads, ends the runs under way, then the pages; within five seconds.
  void stop();

  // Where the pages are: "127.0.0.1:10235", one for each address.
  std::vector<std::string> addresses() const;

  // The threads that must not stand still, for a Watchdog that dies before the agent and looks no
  // more once stop() is called. That which reads files may: a hanging disk is no reason to die.
  std::vector<WatchedThread> threads();

 private:
  Agent(AgentOptions options, const Clock& clock, Loading loading, std::shared_ptr<Door> door);
  Result<void> listen();
  ReloadSteps reload_steps();
  void tell(const Result<void>& outcome, Instant began);
  void follow(const Loading& loading);
  ProberEvents prober_events();
  Sources sources();
  std::optional<Duration> run_now(const CheckView& view);
  LabelSets label_sets() const;
  std::shared_ptr<const Config> config() const;
  std::shared_ptr<const Knowledge> knowledge() const;
  void finished(const RunPtr& run, Duration interval);

  const AgentOptions options_;
  const Clock& clock_;
  const AgentSettings started_with_;

  Guarded<Loading> loading_;
  const std::shared_ptr<StateStore> state_;  // null where none is configured
  Record record_;
  Metrics metrics_;
  Prober prober_;
  RetryPace retries_;  // web thread only
  const std::shared_ptr<Door> door_;
  std::optional<HttpServer> web_;
  Reloader reloader_;  // last: it uses all of the above
};

}  // namespace sre
