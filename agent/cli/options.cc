#include "agent/cli/options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string_view>
#include <utility>

#include "agent/base/duration.h"
#include "agent/base/text.h"
#include "agent/check/host_port.h"
#include "agent/cli/exit_status.h"
#include "agent/cli/health_request.h"
#include "agent/cli/help.h"
#include "agent/cli/version.h"
#include "agent/web/site.h"

namespace sre {
namespace {

// What an option may be, in the order in which it is shown.
template <class T>
using Choices = std::vector<std::pair<std::string, T>>;

const Choices<log::Level> kLevels = {{"debug", log::Level::debug},
                                     {"info", log::Level::info},
                                     {"warn", log::Level::warn},
                                     {"error", log::Level::error}};
const Choices<log::Format> kLogFormats = {{"logfmt", log::Format::logfmt},
                                          {"json", log::Format::json}};
const Choices<OutputFormat> kOutputFormats = {{"text", OutputFormat::text},
                                              {"json", OutputFormat::json}};

Choices<TlsMode> tls_modes() {
  Choices<TlsMode> modes;
  for (const auto name : kTlsModes) modes.emplace_back(name, *parse_tls_mode(name));
  return modes;
}

Choices<Kind> kinds() {
  Choices<Kind> all;
  for (const auto kind : kKinds) all.emplace_back(to_string(kind), kind);
  return all;
}

Choices<Phase> phases() {
  Choices<Phase> all;
  for (const auto phase : kPhases) {
    if (has_reply(phase)) all.emplace_back(to_string(phase), phase);
  }
  return all;
}

// An option whose value is one of a few words.
template <class T, class Set>
CLI::Option* choice(CLI::App& app, const std::string& name, const Choices<T>& choices,
                    const std::string& help, Set set) {
  std::string names;
  for (const auto& [key, ignored] : choices) names += (names.empty() ? "" : "|") + key;
  const auto read = [choices, name, names, set](const std::string& word) {
    const auto found = std::find_if(choices.begin(), choices.end(),
                                    [&](const auto& known) { return known.first == word; });
    if (found == choices.end()) {
      throw CLI::ValidationError(
          fmt::format("{}: \"{}\" is none of {}", name, printable(word), names));
    }
    set(found->second);
  };
  return app.add_option_function<std::string>(name, read, help)->option_text("=" + names);
}

CLI::Option* duration(CLI::App& app, const std::string& name, Duration& value,
                      const std::string& help) {
  const auto read = [&value, name](const std::string& text) {
    const auto parsed = parse_duration(text);
    if (!parsed || *parsed <= Duration::zero()) {
      throw CLI::ValidationError(fmt::format("{}: \"{}\" is no length of time; write {}=15s", name,
                                             printable(text), name));
    }
    value = *parsed;
  };
  return app.add_option_function<std::string>(name, read, help)->option_text("=DURATION");
}

void add_output(CLI::App& app, OutputFormat& format, std::string& language) {
  choice(app, "--format", kOutputFormats, "How to print the result (default text)",
         [&format](OutputFormat chosen) { format = chosen; });
  app.add_option("--lang", language, "Language of the explanations (default: the locale's)")
      ->option_text("=en|tr|fr");
}

void read_endpoint(const std::string& text, ProbeOptions& probe) {
  auto parsed = parse_host_port(text);
  if (!parsed) throw CLI::ValidationError(parsed.error().message);
  probe.host = std::move(parsed->host);
  probe.port = parsed->port;
}

void add_serve(CLI::App& app, ServeOptions& serve) {
  app.add_option("--config.file", serve.config_file,
                 fmt::format("Configuration file (default {})", kDefaultConfigFile))
      ->option_text("=FILE");
  app.add_flag("--config.check", serve.check_config_only,
               "Check the configuration file, report every error and exit");
  app.add_option("--web.listen-address", serve.web.listen_addresses,
                 "Where to listen, repeatable (default :10235; demo: 127.0.0.1:10235)")
      ->allow_extra_args(false)
      ->option_text("=ADDRESS");
  const auto read_path = [&serve](const std::string& path) {
    const auto kept = check_telemetry_path(path);
    if (!kept) throw CLI::ValidationError("--web.telemetry-path: " + kept.error().message);
    serve.web.telemetry_path = path;
  };
  app.add_option_function<std::string>("--web.telemetry-path", read_path,
                                       "Path of the metrics (default /metrics)")
      ->option_text("=PATH");
  app.add_option("--web.config.file", serve.web.config_file,
                 "TLS and logins of the pages, as exporter-toolkit has them")
      ->option_text("=FILE");
  const auto read_url = [&serve](const std::string& text) {
    const auto url = parse_external_url(text);
    if (!url) throw CLI::ValidationError("--web.external-url: " + url.error().message);
    serve.web.external_url = *url;
  };
  app.add_option_function<std::string>("--web.external-url", read_url,
                                       "Where browsers find the pages behind a reverse proxy")
      ->option_text("=URL");
}

void add_probe(CLI::App& app, ProbeOptions& probe, std::string& endpoint) {
  app.add_option("HOST", endpoint, "The server to ask")->required()->option_text("HOST[:PORT]");
  choice(app, "--tls", tls_modes(), "How the connection is protected (default opportunistic)",
         [&probe](TlsMode chosen) { probe.tls = chosen; });
  choice(app, "--kind", kinds(), "The question to ask",
         [&probe](Kind chosen) { probe.kind = chosen; });
  app.add_option("--user", probe.user, "User name to log in with")->option_text("=USER");
  app.add_option("--password-file", probe.password_file, "File that holds the password or token")
      ->option_text("=FILE");
  app.add_option("--mechanism", probe.mechanism, "SASL mechanism (default: auto)")
      ->option_text("=NAME");
  app.add_flag("--allow-cleartext-login", probe.allow_cleartext_login,
               "Send the password without TLS too");
  app.add_option("--helo", probe.helo, "Name to say in EHLO")->option_text("=NAME");
  app.add_option("--from", probe.from, "Sender address")->option_text("=ADDRESS");
  app.add_option("--to", probe.to, "Recipient address")->option_text("=ADDRESS");
  app.add_option("--ca-file", probe.ca_file, "Trusted roots (PEM)")->option_text("=FILE");
  app.add_option("--server-name", probe.server_name, "Name the certificate must be for")
      ->option_text("=NAME");
  app.add_flag("!--no-verify", probe.verify, "Report the certificate, but do not judge it");
  duration(app, "--timeout", probe.timeout, "Longest time for all of it (default 15s)");
  add_output(app, probe.format, probe.language);
}

void add_knowledge_dir(CLI::App& app, std::string& folder) {
  app.add_option("--knowledge.dir", folder, "Folder whose files stand in for the built-in ones")
      ->option_text("=FOLDER");
}

void add_knowledge(CLI::App& app, KnowledgeOptions& options) {
  add_output(app, options.format, options.language);
  add_knowledge_dir(app, options.knowledge_dir);
}

void add_healthcheck(CLI::App& app, HealthcheckOptions& healthcheck) {
  const auto read = [&healthcheck](const std::string& url) {
    if (!is_health_url(url)) {
      throw CLI::ValidationError(
          fmt::format("--url: \"{}\" begins with neither http:// nor https://", printable(url)));
    }
    healthcheck.url = url;
  };
  app.add_option_function<std::string>("--url", read,
                                       fmt::format("What to ask (default {})", healthcheck.url))
      ->option_text("=URL");
}

// A flag that means nothing to the command is a mistake that should not pass in silence.
void refuse_idle_flags(const CLI::App& app) {
  for (const auto* command : app.get_subcommands()) {
    for (const auto* option : app.get_options()) {
      const auto flag = "--" + option->get_lnames().front();
      if (option->count() > 0 && !takes_flag(command->get_name(), flag)) {
        throw CLI::ValidationError(fmt::format("{} takes no {}", command->get_name(), flag));
      }
    }
  }
}

// Prints what the parser ended with; the exit status.
int end(const CLI::App& app, const CLI::ParseError& error) {
  const auto chosen = app.get_subcommands();
  const CLI::App& active = chosen.empty() ? app : *chosen.front();
  if (dynamic_cast<const CLI::CallForHelp*>(&error) != nullptr) {
    fmt::print("{}", help_text(active));
    return 0;
  }
  if (dynamic_cast<const CLI::CallForVersion*>(&error) != nullptr) {
    fmt::print("{}\n", version_text());
    return 0;
  }
  const auto unknown = app.remaining(true);
  const bool extra = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr && !unknown.empty();
  const std::string wrong = extra ? unknown_argument(app, unknown.front()) : error.what();
  const auto about = chosen.empty() ? "" : " " + active.get_name();
  fmt::print(stderr, "{}\nsee {}{} --help\n", wrong, app.get_name(), about);
  return kUsageError;
}

// What each command's options are read into.
struct Commands {
  ServeOptions serve;
  DemoOptions demo;
  CheckOptions check;
  ProbeOptions probe;
  std::string endpoint;  // of `probe`
  ExplainOptions explain;
  CompareOptions compare;
  CodesOptions codes;
  ReasonsOptions reasons;
  ClassifyOptions classify;
  HealthcheckOptions healthcheck;
};

void add_log(CLI::App& app, Options& options) {
  choice(app, "--log.level", kLevels, "Least severe lines to log (default info)",
         [&options](log::Level chosen) { options.log_level = chosen; });
  choice(app, "--log.format", kLogFormats, "Format of the log (default logfmt)",
         [&options](log::Format chosen) { options.log_format = chosen; });
}

void add_check(CLI::App& app, CheckOptions& check) {
  app.add_option("checks", check.selected, "Which ones (default: all)")
      ->option_text("[TARGET[/CHECK]]...");
  add_output(app, check.format, check.language);
}

void add_explain(CLI::App& app, ExplainOptions& explain) {
  app.add_option("REPLY", explain.query, "535, 5.7.8, auth_credentials_invalid or a whole reply")
      ->required()
      ->option_text("REPLY");
  choice(app, "--phase", phases(), "The phase in which the reply came",
         [&explain](Phase chosen) { explain.phase = chosen; });
  add_knowledge(app, explain);
}

void add_compare(CLI::App& app, CompareOptions& compare) {
  app.add_option("EXPECTED", compare.expected, "The code that a check waits for, like 235")
      ->required()
      ->option_text("EXPECTED");
  app.add_option("GOT", compare.got, "The code that came, like 530")
      ->required()
      ->option_text("GOT");
  add_knowledge(app, compare);
}

// In the order in which the help lists them.
void add_commands(CLI::App& app, Commands& all) {
  const auto add = [&app](const std::string& name, const std::string& what) -> CLI::App& {
    return *app.add_subcommand(name, what);
  };
  add("serve", "Run the daemon (what happens without a command too)");
  add("demo", "Run the daemon with its own demo servers");
  add_check(add("check", "Run configured checks once, now"), all.check);
  add_probe(add("probe", "Ask one server, without a configuration"), all.probe, all.endpoint);
  add_explain(add("explain", "Say what a code, a reason or a reply means"), all.explain);
  add_compare(add("compare", "Set two codes side by side, and read them as an alert"), all.compare);
  add_knowledge(add("codes", "List every reply code that is known"), all.codes);
  add_knowledge(add("reasons", "List every reason that a check can give"), all.reasons);
  add_knowledge_dir(
      add("classify",
          "Read lines \"phase<TAB>reply\", write \"reason<TAB>code<TAB>enhanced<TAB>rule\""),
      all.classify.knowledge_dir);
  add_healthcheck(add("healthcheck", "Ask the daemon whether it is alive"), all.healthcheck);
}

// The options of the command that was named.
CommandOptions chosen_of(const CLI::App& app, Commands all) {
  all.demo.web = all.serve.web;
  if (app.count("--web.listen-address") == 0) {
    all.demo.web.listen_addresses = {"127.0.0.1:10235"};
  }
  all.check.config_file = all.serve.config_file;
  const auto named = [&app](const char* name) { return app.got_subcommand(name); };
  if (named("demo")) return std::move(all.demo);
  if (named("check")) return std::move(all.check);
  if (named("probe")) return std::move(all.probe);
  if (named("explain")) return std::move(all.explain);
  if (named("compare")) return std::move(all.compare);
  if (named("codes")) return std::move(all.codes);
  if (named("reasons")) return std::move(all.reasons);
  if (named("classify")) return std::move(all.classify);
  if (named("healthcheck")) return std::move(all.healthcheck);
  return std::move(all.serve);
}

}  // namespace

std::variant<Options, int> parse_command_line(int argc, const char* const* argv) {
  Options options;
  Commands all;
  CLI::App app("Watches SMTP servers, reply by reply, for Prometheus.", "smtp_reply_exporter");
  app.set_version_flag("--version", version_text());
  app.require_subcommand(0, 1);
  app.fallthrough();
  add_log(app, options);
  add_serve(app, all.serve);
  add_commands(app, all);
  try {
    app.parse(argc, argv);
    refuse_idle_flags(app);
    if (app.got_subcommand("probe")) read_endpoint(all.endpoint, all.probe);
  } catch (const CLI::ParseError& error) {
    return end(app, error);
  }
  options.command = chosen_of(app, std::move(all));
  return options;
}

}  // namespace sre
