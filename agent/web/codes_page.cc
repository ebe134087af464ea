#include "agent/web/codes_page.h"

#include <fmt/format.h>

#include <span>
#include <utility>

#include "agent/web/compare_page.h"
#include "agent/web/knowledge_links.h"
#include "agent/web/knowledge_lookup.h"
#include "agent/web/knowledge_view.h"
#include "agent/web/url.h"

namespace sre {
namespace {

// Where the form that compares leads: a browser can only send both codes as parameters.
Response to_comparison(const Edition& edition, const std::string& a, const std::string& b) {
  const auto key = a == b ? a : fmt::format("{}-vs-{}", a, b);
  auto response = plain_text(303, "");
  response.headers = {{"Location", edition.link(code_path(key))},
                      {"Cache-Control", std::string(kNotCacheable)}};
  return response;
}

// The entries of `all` as a list of tables: `group_of` tells an entry's number, `open` makes its
// table of the shown entries. Entries of a group stand together in the knowledge base.
template <class Entry, class GroupOf, class Show, class Open>
ViewList tables(std::span<const Entry> all, GroupOf group_of, Show show, Open open) {
  ViewList tables;
  for (auto at = all.begin(); at != all.end();) {
    const int number = group_of(*at);
    ViewList entries;
    for (; at != all.end() && group_of(*at) == number; ++at) entries.push_back(show(*at));
    tables.push_back(open(number, entries));
  }
  return tables;
}

ViewList code_tables(const Edition& edition) {
  return tables(
      edition.knowledge().codes(), [](const CodeEntry& entry) { return entry.code / 100; },
      [&](const CodeEntry& entry) {
        const auto& texts = edition.knowledge().code_texts(entry.code, edition.language());
        const auto key = fmt::to_string(entry.code);
        return entry_view(edition, key, code_path(key), texts.name, texts.meaning);
      },
      [&](int number, const ViewList& entries) {
        const auto name = fmt::format("{}xx", number);
        return entry_table(name, name, edition.word(fmt::format("class_{}", number)), entries);
      });
}

ViewList enhanced_tables(const Edition& edition) {
  return tables(
      edition.knowledge().enhanced_codes(),
      [](const EnhancedEntry& entry) { return static_cast<int>(entry.subject); },
      [&](const EnhancedEntry& entry) {
        const auto& texts = edition.knowledge().enhanced_texts({5, entry.subject, entry.detail},
                                                               edition.language());
        const auto key = entry.shown();
        return entry_view(edition, key, code_path(key), texts.name, texts.meaning);
      },
      [&](int number, const ViewList& entries) {
        const auto key = fmt::format("subject_{}", number);
        const auto name = edition.word(key);
        // A subject that a folder adds has no name.
        return entry_table(fmt::format("x-{}", number), fmt::format("X.{}", number),
                           name == key ? "" : name, entries);
      });
}

// What the form has asked for, on top of the page.
void set_answer(View& view, const Edition& edition, std::string_view query) {
  const auto told = explain(edition.knowledge(), query, edition.language());
  view.set("answered", told.has_value());
  if (told) {
    set_part(view, "told");
    view.set("answer", explanation_view(edition, *told));
  } else {
    set_text(view, "problem", told.error().message);
  }
}

}  // namespace

Response codes_page(const Site& site, const Request& request, const Captures&) {
  const Edition edition(site, request);
  const auto a = request.parameter("a").value_or("");
  const auto b = request.parameter("b").value_or("");
  if (!a.empty() && !b.empty()) return to_comparison(edition, a, b);
  const auto query = request.parameter("q").value_or("");
  View view;
  view.set("asked", !query.empty());
  if (!query.empty()) set_answer(view, edition, query);
  set_forms(view, edition, query);
  set_part(view, "entry_table");
  view.set("key_heading", edition.word("code"));
  view.set("meaning_heading", edition.word("meaning"));
  view.set("code_tables", code_tables(edition));
  view.set("enhanced_tables", enhanced_tables(edition));
  view.set("pairs", pair_links(edition, edition.knowledge().pairs()));
  view.set("reasons_href", edition.link("/reasons"));
  const auto kept = query.empty() ? "" : "q=" + percent_encode(query);
  return page(site, "codes", edition.head(edition.word("codes"), "/codes", kept), std::move(view));
}

Response code_page(const Site& site, const Request& request, const Captures& captures) {
  const Edition edition(site, request);
  const std::string& key = captures.at(0);
  constexpr std::string_view kVersus = "-vs-";
  const auto versus = key.find(kVersus);
  if (versus != std::string::npos) {
    return compare_page(edition, request, key.substr(0, versus),
                        key.substr(versus + kVersus.size()));
  }
  const auto told = look_up_code(edition.knowledge(), key, edition.language());
  if (!told) return not_known(edition, request, told.error());
  View view = explanation_view(edition, *told);
  set_part(view, "facts");
  set_part(view, "related");
  view.set("codes_href", edition.link("/codes"));
  return page(site, "code", edition.head(told->title(), code_path(told->key)), std::move(view));
}

}  // namespace sre
