#include "agent/daemon/agent.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "agent/base/log.h"
#include "agent/config/ad_hoc_check.h"
#include "agent/config/restart.h"
#include "agent/daemon/notify.h"
#include "agent/daemon/open_files.h"
#include "agent/record/state_store.h"
#include "agent/session/versions.h"
#include "agent/web/site.h"

namespace sre {
namespace {

std::shared_ptr<StateStore> open_state(const Config& config, const Clock& clock) {
  if (config.agent.state_file.empty()) return nullptr;
  return std::make_shared<StateStore>(config.agent.state_file, clock);
}

BuildInfo build_info(const std::string& version) {
  return {version, libcurl_version(), openssl_version()};
}

// Nothing to do yet.
ProberSettings idle(const Loading& loading) {
  ProberSettings settings;
  settings.knowledge = loading.knowledge;
  return settings;
}

Result<Renewal> read_anew(const std::string& config_file, Door& door) {
  auto loading = load_all(config_file);
  if (!loading) return tl::unexpected(std::move(loading.error()));
  auto access = door.read();
  if (!access) return tl::unexpected(std::move(access.error()));
  return Renewal{std::move(*loading), std::move(*access)};
}

// What an operator wants to read of a run: every failure, every change, and the rest on request.
void log_run(const Run& run, const Standing& standing) {
  const Verdict& verdict = run.verdict;
  const bool changed = standing.last_change == standing.last_run;
  const auto level = !verdict.passed ? log::Level::warn
                     : changed       ? log::Level::info
                                     : log::Level::debug;
  if (!log::enabled(level)) return;
  log::Fields fields = {{"target", run.check->target->name},
                        {"check", run.check->name},
                        {"phase", to_string(verdict.phase)},
                        {"code", verdict.reply ? describe_code(*verdict.reply) : "none"},
                        {"duration_seconds", to_seconds(run.transcript.duration)}};
  if (!verdict.passed) {
    fields.emplace_back("expected", verdict.expected);
    fields.emplace_back("reason", to_string(verdict.reason));
    fields.emplace_back("failures", static_cast<std::size_t>(standing.consecutive_failures));
    if (!verdict.detail.empty()) fields.emplace_back("detail", verdict.detail);
    if (verdict.reply) fields.emplace_back("reply", verdict.reply->text());
  }
  log::write(level, verdict.passed ? "check passed" : "check failed", fields);
}

}  // namespace

Result<std::unique_ptr<Agent>> Agent::start(AgentOptions options, const Clock& clock) {
  auto loading = load_all(options.config_file);
  if (!loading) return tl::unexpected(std::move(loading.error()));
  auto door = Door::open(options.web.config_file, clock);
  if (!door) return tl::unexpected(std::move(door.error()));
  std::unique_ptr<Agent> agent(
      new Agent(std::move(options), clock, std::move(*loading), std::move(*door)));
  if (auto listening = agent->listen(); !listening) {
    log::error("the daemon cannot start", {{"error", listening.error().message}});
    return tl::unexpected(std::move(listening.error()));
  }
  agent->metrics_.config_reloaded(true, clock.wall());
  agent->follow(agent->loading_.with([](const Loading& first) { return first; }));
  // A reload that was asked for since the pages are up comes after it.
  agent->reloader_.start();
  return agent;
}

// The prober has nothing to do until the pages are up: an address that is taken ends the program
// before any server is asked.
Agent::Agent(AgentOptions options, const Clock& clock, Loading loading, std::shared_ptr<Door> door)
    : options_(std::move(options)),
      clock_(clock),
      started_with_(loading.config->agent),
      loading_(loading),
      state_(open_state(*loading.config, clock)),
      record_(state_),
      metrics_(label_sets(), build_info(options_.version),
               {.durations = loading.config->agent.duration_histogram}),
      prober_(clock, idle(loading), prober_events()),
      door_(std::move(door)),
      reloader_(reload_steps()) {}

Agent::~Agent() { stop(); }

void Agent::stop() {
  reloader_.refuse();
  prober_.stop();
  if (web_) web_->stop();
  door_->passwords().stop();
  reloader_.stop();
}

Result<void> Agent::listen() {
  web_.emplace(make_site(sources(), {.telemetry_path = options_.web.telemetry_path,
                                     .external_path = options_.web.external_url.path,
                                     .external_origin = options_.web.external_url.origin,
                                     .door = door_,
                                     .version = options_.version}),
               HttpLimits{}, [this] { return door_->access()->tls; });
  auto started = web_->start(options_.web.listen_addresses);
  if (started) {
    const auto access = door_->access();
    log::info("listening", {{"address", fmt::format("{}", fmt::join(addresses(), ","))},
                            {"tls", access->tls != nullptr},
                            {"login", !access->config.users.empty()}});
  }
  return started;
}

std::vector<std::string> Agent::addresses() const { return web_->bound_addresses(); }

std::vector<WatchedThread> Agent::threads() {
  return {{"probe", [this](std::function<void()> answer) { prober_.ask(std::move(answer)); }},
          {"web", [this](std::function<void()> answer) { web_->ask(std::move(answer)); }}};
}

void Agent::reload(Reloader::Done done) { reloader_.ask(std::move(done)); }

// What reads and looks holds all that it uses: the agent may be gone before the files come.
ReloadSteps Agent::reload_steps() {
  ReloadSteps steps;
  steps.read = [file = options_.config_file, door = door_](Instant began) {
    notify_reloading(began);
    return read_anew(file, *door);
  };
  steps.take = [this](const Renewal& renewal) {
    follow(renewal.loading);
    door_->take(renewal.access);
  };
  steps.tell = [this](const Result<void>& outcome, Instant began) { tell(outcome, began); };
  if (!options_.web.config_file.empty()) steps.look = [door = door_] { door->look(); };
  return steps;
}

void Agent::tell(const Result<void>& outcome, Instant began) {
  notify_ready();  // first: the rest takes memory
  metrics_.config_reloaded(outcome.has_value(), clock_.wall());
  if (!outcome) {
    log::error("reload failed, the running configuration stays",
               {{"file", options_.config_file}, {"error", outcome.error().message}});
    return;
  }
  const auto now = config();
  log::info("configuration reloaded", {{"file", options_.config_file},
                                       {"checks", now->checks.size()},
                                       {"duration_seconds", to_seconds(clock_.now() - began)}});
  for (const auto key : keys_for_restart(started_with_, now->agent)) {
    log::warn("a changed key takes a restart; until then it stays as it was",
              {{"file", options_.config_file}, {"key", key}});
  }
}

void Agent::follow(const Loading& loading) {
  const Config& config = *loading.config;
  warn_of_few_open_files(static_cast<std::size_t>(config.agent.max_in_flight));
  auto next = loading;
  loading_.with([&](Loading& current) { std::swap(current, next); });  // the old dies outside
  record_.replace(config.checks);
  metrics_.replace(config.checks);
  for (const auto& view : record_.overview()) metrics_.restore(view.check->id(), view.standing);
  prober_.replace({.checks = config.checks,
                   .max_in_flight = static_cast<std::size_t>(config.agent.max_in_flight),
                   .dns_servers = joined_dns_servers(config),
                   .knowledge = loading.knowledge});
}

ProberEvents Agent::prober_events() {
  return {
      .finished = [this](const RunPtr& run, Duration interval) { finished(run, interval); },
      .started = [this](Duration delay) { metrics_.observe_start_delay(delay); },
      .in_flight = [this](std::size_t count) { metrics_.set_in_flight(count); },
      .skipped = [this](SkipCause cause,
                        std::uint64_t more) { metrics_.count_skipped(to_string(cause), more); },
  };
}

// The last part of a run's course: what remembers it, and what shows it.
void Agent::finished(const RunPtr& run, Duration interval) {
  const Standing standing = record_.add(run);
  metrics_.observe(*run, standing);
  metrics_.set_interval(run->check->id(), interval);
  log_run(*run, standing);
}

std::shared_ptr<const Config> Agent::config() const {
  return loading_.with([](const Loading& current) { return current.config; });
}

std::shared_ptr<const Knowledge> Agent::knowledge() const {
  return loading_.with([](const Loading& current) { return current.knowledge; });
}

// What the knowledge base lists may be a label, and nothing else.
LabelSets Agent::label_sets() const {
  LabelSets sets;
  sets.code = [this](int code) { return knowledge()->code_label(code); };
  sets.enhanced_code = [this](const auto& code) { return knowledge()->enhanced_label(code); };
  sets.extension = [this](std::string_view word) { return knowledge()->extension_label(word); };
  sets.mechanism = [this](std::string_view name) { return knowledge()->mechanism_label(name); };
  return sets;
}

std::optional<Duration> Agent::run_now(const CheckView& view) {
  const auto& [check, standing, latest] = view;
  const auto id = check->id();
  if (!standing.passing && standing.code == kCredentialsInvalid && risks_an_account(*check)) {
    if (const auto wait = retries_.wait(id, clock_.now())) return wait;
  }
  prober_.run_now(id);
  return std::nullopt;
}

Sources Agent::sources() {
  Sources from;
  from.overview = [this] { return record_.overview(); };
  from.history = [this](std::string_view id) { return record_.history(id); };
  from.metrics = [this] {
    if (state_) metrics_.set_state_file_usable(state_->usable());
    return metrics_.expose();
  };
  from.config_text = [this] { return shown(*config()); };
  from.run_now = [this](const CheckView& view) { return run_now(view); };
  from.reload = [this](auto done) { reload(std::move(done)); };
  from.ready = [] { return true; };
  from.knowledge = [this] { return knowledge(); };
  from.probe_check = [this](std::string_view module, std::string_view target, Duration limit) {
    return ad_hoc_check(*config(), module, target, limit);
  };
  from.probe = [this](CheckPtr check, std::function<void(const RunPtr&)> done) {
    prober_.probe(std::move(check), std::move(done));
  };
  from.probe_metrics = [this](const Run& run) { return metrics_.expose_probe(run); };
  return from;
}

}  // namespace sre
