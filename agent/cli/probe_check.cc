#include "agent/cli/probe_check.h"

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <utility>

#include "agent/base/problems.h"
#include "agent/config/defaults.h"
#include "agent/config/rules.h"
#include "agent/config/secret_source.h"

namespace sre {
namespace {

// Runs a rule of the configuration on the text of an option, if there is one.
Result<void> keep_rule(std::string_view option, std::string_view text,
                       Result<void> (*rule)(std::string_view)) {
  if (text.empty()) return {};
  auto kept = rule(text);
  if (kept) return kept;
  return failure(fmt::format("{}: {}", option, kept.error().message));
}

Result<void> check_texts(const ProbeOptions& options) {
  return keep_rule("HOST", options.host, check_host)
      .and_then([&] { return keep_rule("--helo", options.helo, check_helo); })
      .and_then([&] { return keep_rule("--from", options.from, check_sender); })
      .and_then([&] { return keep_rule("--to", options.to, check_recipient); })
      .and_then([&] { return keep_rule("--user", options.user, check_username); })
      .and_then([&] { return keep_rule("--server-name", options.server_name, check_host); });
}

Result<std::string> read_mechanism(const std::string& name) {
  if (auto known = parse_mechanism(name)) return std::move(*known);
  return failure(fmt::format("--mechanism: {} is no mechanism that is known here{}",
                             in_quotes(name), suggestion(name, mechanism_names())));
}

// The secret goes to the host that was named, and nowhere else.
Result<std::shared_ptr<const Credentials>> read_credentials(const ProbeOptions& options) {
  auto mechanism = read_mechanism(options.mechanism);
  if (!mechanism) return tl::unexpected(std::move(mechanism.error()));
  if (options.user.empty()) {
    if (*mechanism != "auto") return failure("--mechanism needs --user=USER, who logs in by it");
    if (options.password_file.empty()) return nullptr;
    return failure("--password-file needs --user=USER, whose password it holds");
  }
  if (options.password_file.empty() && *mechanism != "EXTERNAL") {
    return failure("--user needs --password-file=FILE with the password or token");
  }
  auto credentials = std::make_shared<Credentials>();
  credentials->name = "command line";
  credentials->username = options.user;
  credentials->mechanism = std::move(*mechanism);
  credentials->hosts = {options.host};
  if (!options.password_file.empty()) {
    auto secret = secret_from_file(std::filesystem::absolute(options.password_file).string());
    if (!secret) return failure("--password-file: " + secret.error().message);
    credentials->secret = std::move(*secret);
  }
  return credentials;
}

Kind usual_kind(const ProbeOptions& options) {
  if (options.kind) return *options.kind;
  if (!options.user.empty()) return Kind::login;
  return options.tls == TlsMode::starttls || options.tls == TlsMode::implicit ? Kind::tls
                                                                              : Kind::greeting;
}

Result<std::shared_ptr<const Target>> make_target(const ProbeOptions& options) {
  auto credentials = read_credentials(options);
  if (!credentials) return tl::unexpected(std::move(credentials.error()));
  auto target = std::make_shared<Target>();
  target->name = options.host;
  target->host = options.host;
  target->port = options.port.value_or(usual_port(options.tls));
  target->tls = options.tls;
  if (!options.ca_file.empty()) {
    target->ca_file = std::filesystem::absolute(options.ca_file).string();
  }
  target->server_name = options.server_name;
  target->verify = options.verify;
  target->credentials = std::move(*credentials);
  target->allow_cleartext_login = options.allow_cleartext_login;
  if (exposes_credentials(*target)) {
    return failure(
        fmt::format("with --tls={} the password could go over the wire in clear; write "
                    "--tls=starttls or --tls=implicit, or --allow-cleartext-login where "
                    "that is meant",
                    to_string(options.tls)));
  }
  return target;
}

}  // namespace

Result<CheckPtr> probe_check(const ProbeOptions& options) {
  if (auto kept = check_texts(options); !kept) return tl::unexpected(std::move(kept.error()));
  auto target = make_target(options);
  if (!target) return tl::unexpected(std::move(target.error()));
  auto check = std::make_shared<Check>();
  check->target = *target;
  check->kind = usual_kind(options);
  check->name = to_string(check->kind);
  check->timeout = options.timeout;
  check->helo = options.helo.empty() ? default_helo() : options.helo;
  check->from = options.from.empty() ? default_sender(*check) : options.from;
  check->to = options.to.empty() ? default_recipient(*check).value_or("") : options.to;
  const auto& kind = traits(check->kind);
  check->until = kind.until;
  check->expect = default_expectations(check->kind, **target, check->until);
  if (lacks_credentials(*check)) {
    return failure(fmt::format("--kind={} needs --user and --password-file", kind.name));
  }
  if (lacks_recipient(*check)) {
    return failure(fmt::format("--kind={} needs --to=ADDRESS", kind.name));
  }
  if (lacks_tls(*check)) {
    return failure("--kind=tls needs --tls=starttls or --tls=implicit");
  }
  return check;
}

}  // namespace sre
