#include "agent/web/check_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "agent/base/duration.h"
#include "agent/base/text.h"
#include "agent/report/time_text.h"
#include "agent/web/describe.h"
#include "agent/web/dialogue.h"
#include "agent/web/knowledge_links.h"
#include "agent/web/knowledge_view.h"
#include "agent/web/page.h"

namespace sre {
namespace {

constexpr int kWaitingRefreshSeconds = 2;  // without JavaScript
constexpr int kWaitingLiveSeconds = 1;
constexpr int kLiveSeconds = 5;

std::string id_of(const Captures& captures) { return captures.at(0) + "/" + captures.at(1); }

Response no_such_check(const Site& site, const std::string& id) {
  return plain_text(404, fmt::format("There is no check {}. The checks are listed at {}.\n",
                                     printable(id, 200), site.link("/")));
}

Response too_soon(const Check& check, Duration wait) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
  auto response = plain_text(
      429,
      fmt::format(
          "The login of {} was refused, and has been tried again on request since. So that the\n"
          "account is not locked, the next try on request may be in {} s.\n",
          printable(check.id()), seconds));
  response.headers.push_back({"Retry-After", std::to_string(seconds)});
  return response;
}

long long milliseconds(WallTime time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

// When the last run ended; 0 before the first.
long long last_run_of(const Standing& standing) {
  return standing.last_run ? milliseconds(*standing.last_run) : 0;
}

bool awaits_run(const Request& request, const Standing& standing) {
  const auto asked = request.parameter("asked");
  if (!asked) return false;
  long long number = 0;
  const auto result = std::from_chars(asked->data(), asked->data() + asked->size(), number);
  return result.ec == std::errc{} && last_run_of(standing) <= number;
}

std::string login_text(const Check& check) {
  const Login login = traits(check.kind).login;
  const auto& credentials = check.target->credentials;
  if (login == Login::invented) return "an invented user with a random password";
  if (login == Login::never || credentials == nullptr) return "none";
  return fmt::format("credentials {} ({})", credentials->name, to_lower(credentials->mechanism));
}

void set_question(View& view, const Check& check) {
  set_text(view, "target", check.target->name);
  set_text(view, "check", check.name);
  view.set("kind", std::string(to_string(check.kind)));
  view.set("question", std::string(traits(check.kind).question));
  set_text(view, "server", server_text(*check.target));
  view.set("tls", std::string(to_string(check.target->tls)));
  set_text(view, "login", login_text(check));
  set_text(view, "sender", check.from);
  set_text(view, "recipient", check.to);
  view.set("interval", format_duration(check.interval));
  view.set("timeout", format_duration(check.timeout));
}

void set_standing(View& view, const Standing& standing, WallTime now) {
  const auto state = state_of(standing);
  view.set("state", state_text(state));
  view.set("class", state_class(state));
  view.set("regression", standing.regression());
  set_time(view, "since", standing.last_change, now);
  set_time(view, "last_run", standing.last_run, now);
  set_time(view, "last_success", standing.last_success, now);
  set_text(view, "in_a_row",
           standing.consecutive_failures > 1 ? fmt::to_string(standing.consecutive_failures) : "");
}

// What the two codes are a remark on: the reason that such a code has where the server says nothing
// else. Of another reason they would tell another story.
bool is_usual_reason(const Knowledge& knowledge, const Verdict& verdict, int code) {
  Reply bare;
  bare.code = code;
  return knowledge.classify(verdict.phase, bare).reason == verdict.reason;
}

// What the knowledge base says of the verdict, and where it says more.
void set_meaning(View& view, const Knowledge& knowledge, const Verdict& verdict,
                 const Standing& standing) {
  const auto& texts = knowledge.reason_texts(verdict.reason, kDefaultLanguage);
  const int code = verdict.reply ? verdict.reply->code : 0;
  std::optional<CodePair> pair;
  if (!verdict.passed) pair = met_pair(knowledge, verdict.expected, code);
  set_text(view, "reason_name", texts.name);
  set_text(view, "summary", texts.meaning);
  set_text(view, "fix", texts.fix);
  static const PairTexts kNone;
  const bool remarkable = pair && is_usual_reason(knowledge, verdict, code);
  const auto& remark = remarkable ? knowledge.pair_texts(*pair, kDefaultLanguage) : kNone;
  set_text(view, "changed", standing.ever_passed ? remark.changed : "");
  set_text(view, "first", remark.first);
  set_text(view, "reason_path", met_reason_path(verdict.reason));
  set_text(view, "code_path", met_code_path(knowledge, code));
  set_text(view, "pair_path", pair ? pair_path(*pair) : "");
  set_text(view, "pair_title", pair ? pair_title(knowledge, *pair, kDefaultLanguage) : "");
}

// The verdict of the latest run, and what to make of it.
void set_verdict(View& view, const Knowledge& knowledge, const Run& run, const Standing& standing) {
  set_text(view, "sentence", verdict_sentence(run));
  set_text(view, "detail", run.verdict.detail);
  set_text(view, "expected", judges_reply(run) ? expected_text(run) : "");
  set_text(view, "got", has_codes(run) ? got_text(run) : "");
  set_text(view, "phase", to_string(run.verdict.phase));
  set_text(view, "reason", to_string(run.verdict.reason));
  set_text(view, "rule", run.verdict.rule);
  view.set("failed", !run.verdict.passed);
  set_meaning(view, knowledge, run.verdict, standing);
}

// A run before the latest one is shown closed; it opens on a click.
View failure_view(const Knowledge& knowledge, const Run& run, WallTime now) {
  View view = dialogue_view(run);
  const auto& texts = knowledge.reason_texts(run.verdict.reason, kDefaultLanguage);
  set_time(view, "ended", run.finished(), now);
  set_text(view, "failure_sentence", verdict_sentence(run));
  set_text(view, "failure_reason", texts.name);
  set_text(view, "failure_detail", run.verdict.detail);
  return view;
}

template <class Line>
View line_view(const Knowledge& knowledge, const Line& line, WallTime now) {
  View view;
  set_time(view, "time", line.at, now);
  view.set("line_class", std::string(line.passed ? "good" : "bad"));
  view.set("line_state", std::string(line.passed ? "passed" : "failed"));
  set_text(view, "code", line.code != 0 ? fmt::to_string(line.code) : "");
  set_text(view, "line_reason", knowledge.reason_texts(line.reason, kDefaultLanguage).name);
  set_text(view, "line_code_path", met_code_path(knowledge, line.code));
  set_text(view, "line_reason_path", met_reason_path(line.reason));
  return view;
}

void set_history(View& view, const Knowledge& knowledge, const CheckHistory& history,
                 WallTime now) {
  ViewList failures;
  for (const auto& run : history.failures) {
    // The latest run stands on the page already.
    if (run == nullptr || run == history.view.latest) continue;
    failures.push_back(failure_view(knowledge, *run, now));
  }
  ViewList runs;
  for (const auto& line : history.runs) {
    View one = line_view(knowledge, line, now);
    one.set("line_duration", readable_duration(line.duration));
    one.set("line_phase", std::string(to_string(line.phase)));
    runs.push_back(std::move(one));
  }
  ViewList transitions;
  for (const auto& line : history.transitions) {
    transitions.push_back(line_view(knowledge, line, now));
  }
  view.set("has_failures", !failures.empty());
  view.set("failures", failures);
  view.set("has_runs", !runs.empty());
  view.set("runs", runs);
  std::reverse(runs.begin(), runs.end());
  view.set("strip", runs);
  view.set("has_transitions", !transitions.empty());
  view.set("transitions", transitions);
}

}  // namespace

Response check_page(const Site& site, const Request& request, const Captures& captures) {
  const auto id = id_of(captures);
  const auto history = site.sources.history(id);
  if (!history) return no_such_check(site, id);
  const auto now = site.now();
  const CheckView& current = history->view;
  View view;
  set_part(view, "dialogue");
  set_part(view, "bar");
  set_part(view, "certificate");
  view.set("path", check_path(*current.check));
  set_question(view, *current.check);
  set_standing(view, current.standing, now);
  set_text(view, "told", told_text(current));
  const auto knowledge = site.sources.knowledge();
  set_history(view, *knowledge, *history, now);
  view.set("has_latest", current.latest != nullptr);
  if (current.latest != nullptr) {
    set_verdict(view, *knowledge, *current.latest, current.standing);
    view.set("latest", dialogue_view(*current.latest));
    view.set("tls_facts", tls_view(current.latest->transcript, now));
  }
  const bool waiting = awaits_run(request, current.standing);
  view.set("waiting", waiting);
  PageHead head{current.check->id(), waiting ? kWaitingRefreshSeconds : 0};
  head.live_seconds = waiting ? kWaitingLiveSeconds : kLiveSeconds;
  return page(site, "check", head, std::move(view));
}

Response run_check_now(const Site& site, const Request& request, const Captures& captures) {
  const auto id = id_of(captures);
  // Looked at before the run is asked for: a quick run must not count as an old one.
  const auto history = site.sources.history(id);
  if (!history) return no_such_check(site, id);
  const Check& check = *history->view.check;
  if (const auto wait = site.sources.run_now(history->view)) return too_soon(check, *wait);
  if (!request.wants_html()) {
    return plain_text(202, fmt::format("{} will run as soon as may be.\n", printable(check.id())));
  }
  auto response = plain_text(303, "");
  response.headers.push_back(
      {"Location", site.link(fmt::format("{}?asked={}", check_path(check),
                                         last_run_of(history->view.standing)))});
  return response;
}

}  // namespace sre
