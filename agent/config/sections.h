#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/config/config.h"
#include "agent/config/table_reader.h"

namespace sre {

// How each table of the file is read. What is wrong goes to the problems, and reading goes on with
// a default, so that one mistake does not hide another; the results count only when there are none.

// Where paths of the file are relative to.
std::string absolute_path(const std::string& path, const std::string& folder);

// What a check has from its target where it says nothing itself, and the target from the agent. The
// place of a built-in default is 0:0.
struct Inherited {
  Placed<Duration> interval;
  Placed<Duration> timeout;
  std::string helo;
};
// `outer` with the interval, timeout and helo of `table` put in.
Inherited inherit(TableReader& table, const Inherited& outer);
// A timeout that nobody has configured gives way to a shorter interval.
Duration effective_timeout(const Inherited& settings);

// What all tables below [agent] and [credentials] are read with.
struct Context {
  std::string folder;  // of the file
  Inherited defaults;  // of [agent]
  std::map<std::string, std::shared_ptr<const Credentials>> credentials;
  Problems& problems;
};

AgentSettings read_agent(const Node* table, Context& context);
std::vector<CredentialsEntry> read_credentials(const Node* tables, Context& context);

// The settings that a [[target]] and a probe module share: TLS, addresses, credentials.
// `default_tls` stands where the table has none.
void read_connection(TableReader& table, const Context& context, TlsMode default_tls,
                     Target& target);
// Reports credentials that would go to `host`, a name or a pattern, although they are not meant for
// it.
void check_credentials_host(TableReader& table, const Target& target, const std::string& host);
// A target and its checks.
struct TargetEntry {
  std::shared_ptr<const Target> target;
  std::vector<CheckPtr> checks;
};
TargetEntry read_target(const Node& table, const Context& context);

// Nothing where the table has no kind, or an unknown one.
std::optional<Kind> read_kind(TableReader& table);
// The check that a [[target.check]] or a probe module asks of `target`; without its interval and
// timeout. `helo` stands where the table has none.
Check read_check(TableReader& table, Kind kind, const std::shared_ptr<const Target>& target,
                 const std::string& helo, Problems& problems);
// Puts in the interval and timeout.
void read_timing(TableReader& table, const Inherited& inherited, Check& check);

ProbeModule read_module(const Node& table, const Context& context);

}  // namespace sre
