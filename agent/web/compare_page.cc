#include "agent/web/compare_page.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "agent/knowledge/compare.h"
#include "agent/web/knowledge_links.h"
#include "agent/web/knowledge_view.h"

namespace sre {
namespace {

View side_view(const Edition& edition, const Explanation& told, std::string role) {
  View view = explanation_view(edition, told);
  view.set("role", std::move(role));
  view.set("href", edition.link(code_path(told.key)));
  // The page says it in a section of its own, for both codes.
  view.set("expect", false);
  return view;
}

View expectation_view(const Explanation& told) {
  View view;
  set_text(view, "key", told.key);
  set_text(view, "expect", told.expect);
  return view;
}

ViewList difference_views(const Comparison& comparison) {
  ViewList rows;
  for (const auto& difference : comparison.differences) {
    View row;
    set_text(row, "heading", difference.heading);
    set_text(row, "of_expected", difference.expected);
    set_text(row, "of_got", difference.got);
    rows.push_back(std::move(row));
  }
  return rows;
}

// The other way round first: what is a refusal here is an open door there.
std::vector<CodePair> other_pairs(const Comparison& comparison) {
  std::vector<CodePair> pairs = {{comparison.pair.second, comparison.pair.first}};
  for (const auto* told : {&comparison.expected, &comparison.got}) {
    for (const auto& pair : told->pairs) {
      const bool known = std::find(pairs.begin(), pairs.end(), pair) != pairs.end();
      if (!known && pair != comparison.pair) pairs.push_back(pair);
    }
  }
  return pairs;
}

void set_alert(View& view, const Edition& edition, const Comparison::Alert& alert) {
  set_text(view, "alert_title", alert.title);
  set_text(view, "changed", alert.changed);
  set_text(view, "first", alert.first);
  set_text(view, "reason", to_string(alert.reason));
  set_text(view, "reason_href", edition.link(reason_path(to_string(alert.reason))));
  set_text(view, "reason_name",
           edition.knowledge().reason_texts(alert.reason, edition.language()).name);
}

}  // namespace

Response compare_page(const Edition& edition, const Request& request, std::string_view expected,
                      std::string_view got) {
  const auto comparison = compare(edition.knowledge(), expected, got, edition.language());
  if (!comparison) return not_known(edition, request, comparison.error());
  View view;
  set_part(view, "told");
  view.set("codes_href", edition.link("/codes"));
  set_text(view, "comparison_title", comparison->title);
  set_alert(view, edition, comparison->alert);
  set_text(view, "summary", comparison->summary);
  view.set("sides", ViewList{side_view(edition, comparison->expected, edition.word("expected")),
                             side_view(edition, comparison->got, edition.word("got"))});
  set_text(view, "expected_code", comparison->expected.key);
  set_text(view, "got_code", comparison->got.key);
  view.set("differences", difference_views(*comparison));
  view.set("expectations",
           ViewList{expectation_view(comparison->expected), expectation_view(comparison->got)});
  view.set("reading", reading_links(comparison->reading));
  view.set("pairs", pair_links(edition, other_pairs(*comparison)));
  return page(edition.site(), "compare",
              edition.head(comparison->title, pair_path(comparison->pair)), std::move(view));
}

}  // namespace sre
