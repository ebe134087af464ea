#include "agent/web/overview_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <sstream>
#include <tuple>
#include <utility>

#include "agent/base/text.h"
#include "agent/web/describe.h"
#include "agent/web/knowledge_links.h"
#include "agent/web/page.h"
#include "agent/web/url.h"

namespace sre {
namespace {

constexpr int kRefreshSeconds = 30;
// More rows than anyone reads; what fails comes first, and the filter finds the rest.
constexpr std::size_t kMaxRows = 1000;

// Regressions before failures that were never otherwise, then by name.
auto attention(const CheckView& view) {
  const auto state = state_of(view.standing);
  return std::tuple(state, !view.standing.regression(), std::string_view(view.check->target->name),
                    std::string_view(view.check->name));
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

View row(const Knowledge& knowledge, const CheckView& view, WallTime now) {
  const Check& check = *view.check;
  const Standing& standing = view.standing;
  View row;
  const auto state = state_of(standing);
  row.set("state", state_text(state));
  row.set("class", state_class(state));
  row.set("regression", standing.regression());
  row.set("path", check_path(check));
  set_text(row, "target", check.target->name);
  set_text(row, "check", check.name);
  set_text(row, "server", server_text(*check.target));
  set_time(row, "since", standing.last_change, now);
  const bool latest = view.latest != nullptr;
  const auto stored = standing.code != 0 ? fmt::to_string(standing.code) : "";
  set_text(row, "expected", latest ? expected_text(*view.latest) : "");
  set_text(row, "got", latest ? got_text(*view.latest) : stored);
  set_text(row, "code_path", met_code_path(knowledge, standing.code));
  set_text(row, "phase", latest ? to_string(view.latest->verdict.phase) : "");
  set_text(row, "reason", standing.last_run ? to_string(standing.reason) : "");
  set_text(row, "reason_path", standing.last_run ? met_reason_path(standing.reason) : "");
  return row;
}

void set_counts(View& page, const std::vector<CheckView>& views) {
  std::array<int, 3> counts{};
  for (const auto& view : views) ++counts[static_cast<std::size_t>(state_of(view.standing))];
  page.set("total", fmt::to_string(views.size()));
  page.set("none", views.empty());
  const auto set = [&](const char* name, State state) {
    const int count = counts[static_cast<std::size_t>(state)];
    set_text(page, name, count > 0 ? fmt::to_string(count) : "");
  };
  set("failing", State::failing);
  set("passing", State::passing);
  set("unknown", State::unknown);
}

}  // namespace

Response overview_page(const Site& site, const Request& request, const Captures&) {
  auto views = site.sources.overview();
  View view;
  set_counts(view, views);

  const auto query = request.parameter("q").value_or("");
  const auto words = words_of(query);
  std::erase_if(views, [&](const auto& one) { return !has_all(searched_text(one), words); });
  std::sort(views.begin(), views.end(),
            [](const auto& a, const auto& b) { return attention(a) < attention(b); });

  const auto knowledge = site.sources.knowledge();
  ViewList rows;
  for (const auto& one : views) {
    if (rows.size() == kMaxRows) break;
    rows.push_back(row(*knowledge, one, site.now()));
  }
  view.set("any", !rows.empty());
  view.set("filtered_out", rows.empty() && !words.empty());
  set_text(view, "more",
           views.size() > rows.size() ? fmt::to_string(views.size() - rows.size()) : "");
  view.set("rows", rows);
  set_text(view, "query", query);
  set_text(view, "query_encoded", percent_encode(query));
  const bool refreshing = request.parameter("refresh") != "off";
  view.set("refreshing", refreshing);
  view.set("refresh_interval", fmt::to_string(kRefreshSeconds));
  return page(site, "overview", {"Checks", refreshing ? kRefreshSeconds : 0}, std::move(view));
}

}  // namespace sre
