#pragma once

#include "agent/web/site.h"

namespace sre::test {

// A clock that stands still at 2026-11-22 15:34:05 UTC.
const Clock& still_clock();

CheckPtr make_check(std::string target, Kind kind);

// A finished run of `check` in which AUTH was refused with `reply_text`, quoting `banner`.
RunPtr refused_login(const CheckPtr& check, std::string_view reply_text,
                     std::string_view banner = "220 smtp.example.com ESMTP");
RunPtr passed_login(const CheckPtr& check);

// The history of a check whose password stopped working an hour ago.
CheckHistory broken_login(std::string_view banner = "220 smtp.example.com ESMTP");

// Sources that show the given checks and do nothing else; the caller changes what a test is about.
Sources sources_of(std::vector<CheckHistory> histories);

// A site over them, its clock standing still.
Handler site_of(Sources sources, SiteOptions options = {});
Handler sample_site();

// The built-in knowledge base, and the languages "xa" (texts of 235, 535 and one reason) and "xb"
// (its own name only), both with headings of their own.
std::shared_ptr<const Knowledge> knowledge_in_three_languages();
Handler site_in_three_languages(SiteOptions options = {});

// The response, waited for where that is needed.
Response come(Response response);

// The header's value; empty where there is none. Several of a name are joined by ", ".
std::string header_of(const Response& response, std::string_view name);

// `text` as a page shows it.
std::string escaped(std::string_view text);

// What a browser would send.
Request browser(std::string_view method, std::string_view target);

}  // namespace sre::test
