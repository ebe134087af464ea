#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/knowledge/explain.h"
#include "agent/web/edition.h"
#include "agent/web/page.h"

namespace sre {

// What the templates of the knowledge base show, as values. Every address is that of a link in the
// reader's language; every name that a template asks for is set, if only to nothing.

// key, name, meaning and href of an entry that has a page of its own.
View entry_view(const Edition& edition, std::string_view key, std::string_view path,
                std::string_view name, std::string_view meaning);

// pages/entry_table.mustache: entries under one caption, in front of which `prefix` may stand.
View entry_table(std::string id, std::string_view prefix, std::string_view caption,
                 const ViewList& entries);

// pages/told.mustache, and the pages of one code or reason: key, name, meaning, when, fix,
// expect, facts, what belongs together with it.
View explanation_view(const Edition& edition, const Explanation& told);

// "Expected 235, got 530".
std::string pair_title(const Knowledge& knowledge, CodePair pair, std::string_view language);
// Links to pairs, so named.
ViewList pair_links(const Edition& edition, const std::vector<CodePair>& pairs);

// Links out of the site, or only the text where nothing public defines it.
ViewList reading_links(const std::vector<Reference>& references);

// pages/forms.mustache: the form that explains what is typed in, and the one that compares.
void set_forms(View& view, const Edition& edition, std::string_view query);

// The page that says, with 404, that `problem.message` (which names the nearest) keeps it from
// answering; the message alone for those who want no page.
Response not_known(const Edition& edition, const Request& request, const Error& problem);

}  // namespace sre
