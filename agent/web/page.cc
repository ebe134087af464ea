#include "agent/web/page.h"

#include <fmt/format.h>

#include <cstdint>
#include <stdexcept>
#include <utility>

#include "agent/base/text.h"
#include "embedded_web_pages.h"

namespace sre {
namespace {

std::string render(std::string_view name, const View& view) {
  kainjow::mustache::mustache form{std::string(embedded_page(fmt::format("{}.mustache", name)))};
  return form.render(view);
}

// Changes whenever the text does (FNV-1a), so that browsers may keep the old one for ever.
std::string fingerprint(std::string_view text) {
  std::uint32_t hash = 2166136261U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return fmt::format("{:08x}", hash);
}

}  // namespace

std::string_view embedded_page(std::string_view name) {
  for (const auto& file : embedded::web_pages()) {
    if (file.name.substr(file.name.find('/') + 1) == name) return file.text;
  }
  throw std::out_of_range(fmt::format("no page {} is compiled in", name));
}

void set_text(View& view, const std::string& name, std::string_view text) {
  // An absent name would be looked up in the enclosing section, so it is set to false instead.
  if (text.empty()) {
    view.set(name, false);
  } else {
    view.set(name, printable(text));
  }
}

void set_part(View& view, const std::string& name) {
  view.set(name, kainjow::mustache::partial(
                     [text = std::string(embedded_page(name + ".mustache"))] { return text; }));
}

Response page(const Site& site, std::string_view name, const PageHead& head, View view) {
  view.set("root", site.options.external_path);
  set_text(view, "title", head.title);
  set_text(view, "version", site.options.version);
  set_text(view, "refresh", head.refresh_seconds > 0 ? fmt::to_string(head.refresh_seconds) : "");
  view.set("metrics_path", site.options.telemetry_path);
  view.set("style_version", fingerprint(embedded_page("style.css")));
  std::string body = render("head", view);
  body += render(name, view);
  body += render("foot", view);
  return {head.status, std::string(kHtml), {{"Cache-Control", "no-store"}}, std::move(body)};
}

}  // namespace sre
