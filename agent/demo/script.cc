#include "agent/demo/script.h"

#include <algorithm>
#include <array>
#include <utility>

#include "agent/base/text.h"

namespace sre {
namespace {

bool names_command(const ScriptRule& rule, std::string_view command) {
  // Events are no verbs: "*" answers what a client says, not what happens to it.
  static constexpr std::array<std::string_view, 6> kEvents = {"CONNECT",  "BANNER",   "ANSWER",
                                                              "ACCEPTED", "REJECTED", "MESSAGE"};
  const bool event = std::find(kEvents.begin(), kEvents.end(), command) != kEvents.end();
  return std::any_of(rule.commands.begin(), rule.commands.end(), [&](const std::string& name) {
    return name == command || (name == "*" && !event);
  });
}

bool applies(const ScriptRule& rule, const ScriptMoment& moment) {
  return names_command(rule, moment.command) &&
         (rule.argument.empty() || matches_glob(rule.argument, moment.argument)) &&
         (!rule.tls || *rule.tls == moment.tls) &&
         (!rule.logged_in || *rule.logged_in == moment.logged_in) &&
         (!rule.window || rule.window->contains(moment.since_start));
}

ScriptStep reply(std::string text) { return {ScriptStep::Kind::reply, std::move(text), 1, {}}; }
ScriptStep act(ScriptStep::Kind kind) { return {kind, {}, 1, {}}; }

std::vector<ScriptStep> polite_ehlo(const Script& script, const ScriptMoment& moment) {
  std::vector<ScriptStep> lines = {reply("250-localhost")};
  const bool can_upgrade = script.tls && !script.tls->implicit && !moment.tls;
  if (can_upgrade) lines.push_back(reply("250-STARTTLS"));
  if (script.user && !can_upgrade) lines.push_back(reply("250-AUTH PLAIN LOGIN"));
  lines.push_back(reply("250-SIZE 10240000"));
  lines.push_back(reply("250 ENHANCEDSTATUSCODES"));
  return lines;
}

}  // namespace

bool ScriptWindow::contains(Duration since_start) const {
  const auto at = period > Duration::zero() ? since_start % period : since_start;
  return from <= at && at < to;
}

const ScriptRule* find_rule(
    const Script& script, const ScriptMoment& moment,
    const std::function<int(std::size_t rule, const ScriptMoment&)>& count) {
  for (std::size_t i = 0; i < script.rules.size(); ++i) {
    const auto& rule = script.rules[i];
    if (!applies(rule, moment)) continue;
    if (rule.first_times > 0 && count(i, moment) > rule.first_times) continue;
    return &rule;
  }
  return nullptr;
}

std::vector<ScriptStep> polite_answer(const Script& script, const ScriptMoment& moment) {
  if (moment.command == "EHLO") return polite_ehlo(script, moment);
  if (moment.command == "STARTTLS" && script.tls && !moment.tls) {
    return {reply("220 2.0.0 Ready to start TLS"), act(ScriptStep::Kind::handshake)};
  }
  if (moment.command == "QUIT") return {reply("221 2.0.0 Bye"), act(ScriptStep::Kind::close)};
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 15> kReplies = {{
      {"CONNECT", ""},
      {"BANNER", "220 localhost ESMTP"},
      {"HELO", "250 localhost"},
      {"STARTTLS", "502 5.5.1 STARTTLS is not available"},
      {"AUTH", "503 5.5.1 Authentication is not enabled"},
      {"ANSWER", "501 5.5.2 Authentication cancelled"},
      {"ACCEPTED", "235 2.7.0 Authentication successful"},
      {"REJECTED", "535 5.7.8 Error: authentication failed"},
      {"MAIL", "250 2.1.0 Ok"},
      {"RCPT", "250 2.1.5 Ok"},
      {"DATA", "354 End data with <CR><LF>.<CR><LF>"},
      {"MESSAGE", "250 2.0.0 Ok: queued"},
      {"RSET", "250 2.0.0 Ok"},
      {"NOOP", "250 2.0.0 Ok"},
      {"VRFY", "252 2.0.0 Ask me by RCPT"},
  }};
  for (const auto& [command, text] : kReplies) {
    if (command != moment.command) continue;
    if (text.empty()) return {};
    return {reply(std::string(text))};
  }
  return {reply("500 5.5.2 Error: command not recognized")};
}

}  // namespace sre
