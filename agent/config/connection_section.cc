#include <fmt/format.h>

#include <fstream>

#include "agent/config/rules.h"
#include "agent/config/sections.h"

namespace sre {
namespace {

// What is in the file is the session's to judge; that it is there can be told now.
void read_ca_file(TableReader& table, const Context& context, Target& target) {
  const auto path = table.text("ca_file");
  if (!path) return;
  target.ca_file = absolute_path(*path, context.folder);
  // One byte, as a folder can be opened too.
  std::ifstream file(target.ca_file);
  if (!file.is_open() || file.peek() == std::ifstream::traits_type::eof()) {
    table.problem("ca_file", fmt::format("cannot read {}, or it is empty; name a file of trusted "
                                         "certificates in PEM",
                                         in_quotes(target.ca_file)));
  }
}

// What follows an unknown name shall see that there are credentials, and not report that none are.
std::shared_ptr<const Credentials> unknown_credentials(const std::string& name) {
  auto credentials = std::make_shared<Credentials>();
  credentials->name = name;
  return credentials;
}

void read_credentials_of(TableReader& table, const Context& context, Target& target) {
  const auto name = table.text("credentials");
  if (!name) return;
  const auto found = context.credentials.find(*name);
  if (found == context.credentials.end()) {
    std::vector<std::string_view> names;
    for (const auto& [known, credentials] : context.credentials) names.push_back(known);
    table.problem("credentials",
                  fmt::format("there is no [credentials.{}]{}", in_quotes(*name),
                              names.empty() ? "; write that table" : suggestion(*name, names)));
    target.credentials = unknown_credentials(*name);
    return;
  }
  target.credentials = found->second;
  if (exposes_credentials(target)) {
    table.problem("credentials",
                  fmt::format("with tls = \"{}\" the secret could go over the wire in clear; write "
                              "tls = \"starttls\" or \"implicit\", or allow_cleartext_login = true "
                              "where that is meant",
                              to_string(target.tls)));
  }
}

}  // namespace

void read_connection(TableReader& table, const Context& context, TlsMode default_tls,
                     Target& target) {
  target.tls = table.choice("tls", parse_tls_mode, kTlsModes).value_or(default_tls);
  target.verify = table.boolean("verify").value_or(target.verify);
  target.ip = table.choice("ip", parse_ip_family, kIpFamilies).value_or(target.ip);
  target.allow_cleartext_login = table.boolean("allow_cleartext_login").value_or(false);
  if (const auto name = table.text_if("server_name", check_host)) target.server_name = name->value;
  if (const auto source = table.text_if("source_address", check_address)) {
    target.source_address = source->value;
    const auto family = source->value.find(':') == std::string::npos ? IpFamily::v4 : IpFamily::v6;
    if (target.ip != IpFamily::any && target.ip != family) {
      table.problem("source_address",
                    fmt::format("{} cannot reach the addresses that ip = \"{}\" leaves; take one "
                                "of the two away",
                                in_quotes(source->value), to_string(target.ip)));
    }
  }
  read_ca_file(table, context, target);
  read_credentials_of(table, context, target);
}

void check_credentials_host(TableReader& table, const Target& target, const std::string& host) {
  // Credentials without hosts have been reported as such.
  if (target.credentials == nullptr || target.credentials->hosts.empty()) return;
  if (target.credentials->allows_host(host)) return;
  table.problem("credentials",
                fmt::format("[credentials.{}] may not be sent to {}; add the host to its hosts if "
                            "the secret is meant for it",
                            target.credentials->name, in_quotes(host)));
}

}  // namespace sre
