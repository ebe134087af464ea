#include "agent/web/knowledge_view.h"

#include <fmt/format.h>

#include <utility>

#include "agent/base/text.h"
#include "agent/web/knowledge_links.h"

namespace sre {
namespace {

View link_view(const Edition& edition, std::string_view key, std::string_view path,
               std::string_view name) {
  return entry_view(edition, key, path, name, {});
}

// A row of "See also": a heading and links.
void add_related(ViewList& rows, std::string heading, ViewList links) {
  if (links.empty()) return;
  View row;
  row.set("heading", std::move(heading));
  row.set("links", links);
  rows.push_back(std::move(row));
}

ViewList related_views(const Edition& edition, const Explanation& told) {
  const auto& knowledge = edition.knowledge();
  ViewList codes;
  ViewList enhanced_codes;
  ViewList reasons;
  for (const auto& key : told.codes) {
    const auto entry = find_code(knowledge, key);
    if (!entry) continue;  // enhanced.tsv may name codes that codes.tsv does not list
    const auto& name = knowledge.code_texts((*entry)->code, edition.language()).name;
    codes.push_back(link_view(edition, key, code_path(key), name));
  }
  for (const auto& key : told.enhanced_codes) {
    const auto one = explain(knowledge, key, edition.language());
    enhanced_codes.push_back(link_view(edition, key, code_path(key), one->name));
  }
  for (const auto& slug : told.reasons) {
    const auto& name = knowledge.reason_texts(*parse_reason(slug), edition.language()).name;
    reasons.push_back(link_view(edition, slug, reason_path(slug), name));
  }
  ViewList rows;
  add_related(rows, edition.word("codes"), std::move(codes));
  add_related(rows, edition.word("enhanced_codes"), std::move(enhanced_codes));
  add_related(rows, edition.word("reasons"), std::move(reasons));
  return rows;
}

ViewList fact_views(const Explanation& told) {
  ViewList facts;
  for (const auto& fact : told.facts) {
    View view;
    set_text(view, "fact_heading", fact.heading);
    // Where it is defined is worth a link.
    const bool defined = fact.key == "defined_in";
    set_text(view, "fact", defined ? "" : fact.text);
    view.set("fact_links", defined ? reading_links(told.reading) : ViewList{});
    facts.push_back(std::move(view));
  }
  return facts;
}

ViewList code_options(const Edition& edition, int selected) {
  ViewList options;
  for (const auto& entry : edition.knowledge().codes()) {
    View option;
    option.set("option", fmt::to_string(entry.code));
    set_text(option, "option_name",
             edition.knowledge().code_texts(entry.code, edition.language()).name);
    option.set("selected", entry.code == selected);
    options.push_back(std::move(option));
  }
  return options;
}

}  // namespace

View entry_view(const Edition& edition, std::string_view key, std::string_view path,
                std::string_view name, std::string_view meaning) {
  View view;
  set_text(view, "key", key);
  set_text(view, "href", edition.link(path));
  set_text(view, "name", name);
  set_text(view, "meaning", meaning);
  return view;
}

View entry_table(std::string id, std::string_view prefix, std::string_view caption,
                 const ViewList& entries) {
  View view;
  view.set("table_id", std::move(id));
  set_text(view, "prefix", prefix);
  set_text(view, "caption", caption);
  view.set("entries", entries);
  return view;
}

View explanation_view(const Edition& edition, const Explanation& told) {
  View view;
  set_text(view, "key", told.key);
  set_text(view, "name", told.name);
  set_text(view, "meaning", told.meaning);
  set_text(view, "when", told.when);
  set_text(view, "fix", told.fix);
  set_text(view, "expect", told.expect);
  set_text(view, "rule_id", told.rule_id);
  view.set("fact_rows", fact_views(told));
  auto related = related_views(edition, told);
  view.set("has_related", !related.empty());
  view.set("related_rows", related);
  view.set("has_pairs", !told.pairs.empty());
  view.set("pairs", pair_links(edition, told.pairs));
  return view;
}

std::string pair_title(const Knowledge& knowledge, CodePair pair, std::string_view language) {
  const auto a = fmt::to_string(pair.first);
  const auto b = fmt::to_string(pair.second);
  return filled_in(knowledge, "alert_title", language, {{"a", a}, {"b", b}});
}

ViewList pair_links(const Edition& edition, const std::vector<CodePair>& pairs) {
  ViewList links;
  for (const auto& pair : pairs) {
    const auto title = pair_title(edition.knowledge(), pair, edition.language());
    links.push_back(link_view(edition, {}, pair_path(pair), title));
  }
  return links;
}

ViewList reading_links(const std::vector<Reference>& references) {
  ViewList links;
  for (const auto& reference : references) {
    View view;
    set_text(view, "reference", reference.text);
    set_text(view, "url", reference.url);
    links.push_back(std::move(view));
  }
  return links;
}

void set_forms(View& view, const Edition& edition, std::string_view query) {
  set_part(view, "forms");
  view.set("codes_address", edition.site().link("/codes"));
  set_text(view, "query", query);
  const auto pairs = edition.knowledge().pairs();
  const auto preset = pairs.empty() ? CodePair() : pairs.front();
  view.set("expected_options", code_options(edition, preset.first));
  view.set("got_options", code_options(edition, preset.second));
}

Response not_known(const Edition& edition, const Request& request, const Error& problem) {
  if (!request.wants_html()) return plain_text(404, problem.message + "\n");
  View view;
  set_text(view, "problem", problem.message);
  set_forms(view, edition, {});
  auto head = edition.head(edition.word("not_found"), request.path);
  head.status = 404;
  head.canonical.clear();
  head.cache_control = kNotCacheable;
  return page(edition.site(), "not_known", head, std::move(view));
}

}  // namespace sre
