#include "agent/web/overview_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <sstream>
#include <tuple>
#include <utility>

#include "agent/base/text.h"
#include "agent/web/describe.h"
#include "agent/web/glance.h"
#include "agent/web/page.h"
#include "agent/web/url.h"

namespace sre {
namespace {

constexpr int kRefreshSeconds = 30;  // without JavaScript
constexpr int kLiveSeconds = 5;
// More rows than anyone reads, and few enough that a page which renews itself every few seconds is
// no burden to the browser or to this program. What fails comes first; the filter finds the rest.
constexpr std::size_t kMaxRows = 2000;
// So many failures are explained one by one. Where more fail at once they have a common cause,
// which the list of reasons shows.
constexpr std::size_t kMaxExplained = 20;

// Failures first: of those a door that stands open, then the regressions, then what broke last.
// The rest by name.
auto attention(const CheckView& view) {
  const auto state = state_of(view.standing);
  const bool failing = state == State::failing;
  const auto changed = failing ? view.standing.last_change.value_or(WallTime{}) : WallTime{};
  const bool open = failing && view.standing.reason == Reason::unexpected_acceptance;
  return std::tuple(state, !open, !view.standing.regression(), -changed.time_since_epoch(),
                    std::string_view(view.check->target->name), std::string_view(view.check->name));
}

// All that the filter looks at, in lower case.
std::string searched_text(const CheckView& view) {
  const Check& check = *view.check;
  return to_lower(fmt::format("{} {} {} {} {} {}", check.id(), to_string(check.kind),
                              server_text(*check.target), state_text(state_of(view.standing)),
                              view.standing.code, to_string(view.standing.reason)));
}

std::vector<std::string> words_of(const std::string& query) {
  std::istringstream in(to_lower(query));
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(std::move(word));
  return words;
}

bool has_all(const std::string& text, const std::vector<std::string>& words) {
  return std::all_of(words.begin(), words.end(),
                     [&](const auto& word) { return text.find(word) != std::string::npos; });
}

std::string headline(int failing, int unknown, std::size_t all) {
  if (all == 0) return "Checks";
  if (failing > 0)
    return fmt::format("{} of {} {}", failing, all, all == 1 ? "check fails" : "checks fail");
  if (unknown > 0) return "Nothing fails so far";
  return all == 1 ? "The check passes" : fmt::format("All {} checks pass", all);
}

// Returns the title of the page: what a tab should say.
std::string set_counts(View& page, const std::vector<CheckView>& views) {
  std::array<int, 3> counts{};
  for (const auto& view : views) ++counts[static_cast<std::size_t>(state_of(view.standing))];
  const auto count = [&](State state) { return counts[static_cast<std::size_t>(state)]; };
  const auto set = [&](const char* name, State state) {
    set_text(page, name, count(state) > 0 ? fmt::to_string(count(state)) : "");
  };
  const int failing = count(State::failing);
  page.set("headline", headline(failing, count(State::unknown), views.size()));
  page.set("total", fmt::to_string(views.size()));
  page.set("none", views.empty());
  set("failing", State::failing);
  set("passing", State::passing);
  set("unknown", State::unknown);
  return failing > 0 ? fmt::format("{} failing", failing) : "Checks";
}

// The reasons that several failures share, the commonest first.
void set_causes(View& page, const Knowledge& knowledge, std::span<const CheckView> failing) {
  std::map<Reason, int> counts;
  for (const auto& view : failing) ++counts[view.standing.reason];
  std::vector<std::pair<int, Reason>> causes;
  for (const auto& [reason, count] : counts) {
    if (count > 1) causes.emplace_back(-count, reason);
  }
  std::sort(causes.begin(), causes.end());
  ViewList list;
  for (const auto& [negative, reason] : causes) {
    View one;
    set_text(one, "cause", to_string(reason));
    set_text(one, "cause_name", knowledge.reason_texts(reason, kDefaultLanguage).name);
    one.set("count", fmt::to_string(-negative));
    list.push_back(std::move(one));
  }
  page.set("has_causes", !list.empty());
  page.set("causes", list);
}

ViewList glances(const Knowledge& knowledge, std::span<const CheckView> views, WallTime now) {
  ViewList list;
  for (const auto& view : views) list.push_back(glance(knowledge, view, now));
  return list;
}

// `views` in the order of attention.
void set_checks(View& page, const Knowledge& knowledge, std::span<const CheckView> views,
                WallTime now) {
  const auto failing =
      static_cast<std::size_t>(std::count_if(views.begin(), views.end(), [](const auto& view) {
        return state_of(view.standing) == State::failing;
      }));
  const auto explained = std::min(failing, kMaxExplained);
  const auto shown = std::min(views.size(), kMaxRows);
  page.set("has_broken", explained > 0);
  page.set("broken", glances(knowledge, views.first(explained), now));
  set_causes(page, knowledge, views.first(failing));
  page.set("others", std::string(failing > explained ? "More failures, and all other checks"
                                 : failing > 0       ? "All other checks"
                                                     : "Checks"));
  page.set("any", shown > explained);
  page.set("rows", glances(knowledge, views.subspan(explained, shown - explained), now));
  set_text(page, "more", views.size() > shown ? fmt::to_string(views.size() - shown) : "");
}

}  // namespace

Response overview_page(const Site& site, const Request& request, const Captures&) {
  auto views = site.sources.overview();
  View view;
  PageHead head{set_counts(view, views)};

  const auto query = request.parameter("q").value_or("");
  const auto words = words_of(query);
  std::erase_if(views, [&](const auto& one) { return !has_all(searched_text(one), words); });
  std::sort(views.begin(), views.end(),
            [](const auto& a, const auto& b) { return attention(a) < attention(b); });
  set_checks(view, *site.sources.knowledge(), views, site.now());
  view.set("filtered_out", views.empty() && !words.empty());
  set_text(view, "query", query);
  set_text(view, "query_encoded", percent_encode(query));
  const bool refreshing = request.parameter("refresh") != "off";
  view.set("refreshing", refreshing);
  view.set("refresh_interval", fmt::to_string(kRefreshSeconds));
  view.set("live_interval", fmt::to_string(kLiveSeconds));
  if (refreshing) {
    head.refresh_seconds = kRefreshSeconds;
    head.live_seconds = kLiveSeconds;
  }
  return page(site, "overview", head, std::move(view));
}

}  // namespace sre
