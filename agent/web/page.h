#pragma once

#include <kainjow/mustache.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "agent/web/http.h"
#include "agent/web/language.h"
#include "agent/web/site.h"

namespace sre {

// The values that a template shows. `{{name}}` escapes HTML; the templates have no other form.
using View = kainjow::mustache::data;
using ViewList = kainjow::mustache::list;

// Sets `name` to `text` made printable, and only if there is any, so that `{{#name}}` works as
// "if there is". Whatever may come from the wire or from configuration is set this way.
void set_text(View& view, const std::string& name, std::string_view text);

// Makes another embedded template usable as `{{>name}}`.
void set_part(View& view, const std::string& name);

// A page in another language, or in its own.
struct Translation {
  std::string language;
  std::string name;     // in itself: "Français"
  std::string address;  // safe in an attribute
};

struct PageHead {
  std::string title;
  // The browser loads the page anew; where live_seconds is set only one without JavaScript does.
  // 0: never.
  int refresh_seconds = 0;
  int status = 200;
  std::string cache_control = "no-store";
  std::string language{kDefaultLanguage};  // of headings and names, the frame's included
  // Of pages that exist in several languages only; Edition::head() fills them in.
  std::string asked_language = {};  // kept by links to other such pages; empty: not kept
  std::string address = {};         // in the language that a browser asks for
  std::string canonical = {};       // in this one
  std::vector<Translation> translations = {};
  // How often live.js fetches the page and puts what changed in its place; 0: it stays as it is.
  int live_seconds = 0;
};

// The template pages/NAME.mustache filled with `view`, in the frame that all pages share. Headings
// are there as {{word.KEY}}, in the language of the page.
Response page(const Site& site, std::string_view name, const PageHead& head, View view);

// The headers of a text that was chosen by Accept-Language (RFC 9110 sections 8.5 and 12.5.5).
void add_language(Response& response, const std::string& language);

// A file of pages/ as it is compiled in. Asking for one that does not exist is a mistake in the
// program and throws std::out_of_range.
std::string_view embedded_page(std::string_view name);

}  // namespace sre
