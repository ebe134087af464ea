#pragma once

#include <kainjow/mustache.hpp>
#include <string>
#include <string_view>

#include "agent/web/http.h"
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

struct PageHead {
  std::string title;
  int refresh_seconds = 0;  // the browser loads the page anew; 0: never
  int status = 200;
};

// The template pages/NAME.mustache filled with `view`, in the frame that all pages share.
Response page(const Site& site, std::string_view name, const PageHead& head, View view);

// A file of pages/ as it is compiled in. Asking for one that does not exist is a mistake in the
// program and throws std::out_of_range.
std::string_view embedded_page(std::string_view name);

}  // namespace sre
