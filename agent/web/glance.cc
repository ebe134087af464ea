#include "agent/web/glance.h"

#include <fmt/format.h>

#include "agent/web/describe.h"
#include "agent/web/knowledge_links.h"

namespace sre {
namespace {

void set_codes(View& view, const Knowledge& knowledge, const CheckView& shown) {
  const Standing& standing = shown.standing;
  // After a restart the state file knows the code, but not the run that it came in.
  const auto stored = standing.code != 0 ? fmt::to_string(standing.code) : "";
  const Run* run = shown.latest.get();
  std::optional<CodePair> pair;
  if (run != nullptr && !standing.passing) {
    pair = met_pair(knowledge, run->verdict.expected, standing.code);
  }
  set_text(view, "expected", run != nullptr && judges_reply(*run) ? expected_text(*run) : "");
  set_text(view, "got", run != nullptr && has_codes(*run) ? got_text(*run) : stored);
  set_text(view, "code_path", met_code_path(knowledge, standing.code));
  set_text(view, "phase", run != nullptr ? to_string(run->verdict.phase) : "");
  set_text(view, "pair_path", pair ? pair_path(*pair) : "");
  set_text(view, "pair", pair ? fmt::format("{} and {}", pair->first, pair->second) : "");
}

void set_reason(View& view, const Knowledge& knowledge, const Standing& standing) {
  const bool failing = state_of(standing) == State::failing;
  const auto& texts = knowledge.reason_texts(standing.reason, kDefaultLanguage);
  set_text(view, "reason", failing ? to_string(standing.reason) : "");
  set_text(view, "reason_name", failing ? texts.name : "");
  set_text(view, "reason_path", failing ? met_reason_path(standing.reason) : "");
  set_text(view, "meaning", failing ? texts.meaning : "");
  set_text(view, "fix", failing ? texts.fix : "");
}

}  // namespace

View glance(const Knowledge& knowledge, const CheckView& shown, WallTime now) {
  const Check& check = *shown.check;
  const Standing& standing = shown.standing;
  const auto state = state_of(standing);
  View view;
  view.set("state", state_text(state));
  view.set("class", state_class(state));
  view.set("regression", standing.regression());
  view.set("path", check_path(check));
  set_text(view, "target", check.target->name);
  set_text(view, "check", check.name);
  set_text(view, "server", server_text(*check.target));
  set_text(view, "told", told_text(shown));
  set_time(view, "since", standing.last_change, now);
  set_time(view, "last_run", standing.last_run, now);
  set_text(view, "in_a_row",
           standing.consecutive_failures > 1 ? fmt::to_string(standing.consecutive_failures) : "");
  set_codes(view, knowledge, shown);
  set_reason(view, knowledge, standing);
  return view;
}

}  // namespace sre
