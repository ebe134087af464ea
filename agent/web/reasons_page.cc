#include "agent/web/reasons_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "agent/base/text.h"
#include "agent/web/knowledge_links.h"
#include "agent/web/knowledge_lookup.h"
#include "agent/web/knowledge_view.h"

namespace sre {
namespace {

View reason_view(const Edition& edition, Reason reason) {
  const auto slug = to_string(reason);
  const auto& texts = edition.knowledge().reason_texts(reason, edition.language());
  return entry_view(edition, slug, reason_path(slug), texts.name, texts.meaning);
}

// The groups in the order in which they first appear.
ViewList reason_groups(const Edition& edition) {
  std::vector<std::string> names;
  std::vector<ViewList> members;
  for (const auto& entry : edition.knowledge().reasons()) {
    const auto at = std::find(names.begin(), names.end(), entry.group);
    const auto index = static_cast<std::size_t>(at - names.begin());
    if (at == names.end()) {
      names.push_back(entry.group);
      members.emplace_back();
    }
    members[index].push_back(reason_view(edition, entry.reason));
  }
  ViewList groups;
  for (std::size_t i = 0; i < names.size(); ++i) {
    groups.push_back(entry_table(names[i], {}, edition.word("group_" + names[i]), members[i]));
  }
  return groups;
}

ViewList rule_views(const Knowledge& knowledge, Reason reason) {
  ViewList rules;
  for (const auto& rule : knowledge.rules()) {
    if (rule.reason != reason) continue;
    View view;
    set_text(view, "rule_id", rule.id);
    // Whole: a pattern that is cut says something else.
    set_text(view, "pattern", printable(rule.text, rule.text.size() * 4));
    rules.push_back(std::move(view));
  }
  return rules;
}

}  // namespace

Response reasons_page(const Site& site, const Request& request, const Captures&) {
  const Edition edition(site, request);
  View view;
  set_part(view, "entry_table");
  view.set("key_heading", edition.word("reason"));
  view.set("meaning_heading", edition.word("what_happened"));
  view.set("groups", reason_groups(edition));
  return page(site, "reasons", edition.head(edition.word("reasons"), "/reasons"), std::move(view));
}

Response reason_page(const Site& site, const Request& request, const Captures& captures) {
  const Edition edition(site, request);
  const auto told = look_up_reason(edition.knowledge(), captures.at(0), edition.language());
  if (!told) return not_known(edition, request, told.error());
  View view = explanation_view(edition, *told);
  set_part(view, "facts");
  set_part(view, "related");
  auto rules = rule_views(edition.knowledge(), *parse_reason(told->key));
  view.set("rule_count", fmt::to_string(rules.size()));
  view.set("has_rules", !rules.empty());
  view.set("rule_list", rules);
  view.set("reasons_href", edition.link("/reasons"));
  return page(site, "reason", edition.head(told->name, reason_path(told->key)), std::move(view));
}

}  // namespace sre
