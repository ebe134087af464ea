#include "agent/web/page.h"

#include <fmt/format.h>

#include <cstdint>
#include <set>
#include <stdexcept>
#include <utility>

#include "agent/base/text.h"
#include "agent/knowledge/knowledge.h"
#include "embedded_web_pages.h"

namespace sre {
namespace {

std::string render(std::string_view name, const View& view) {
  kainjow::mustache::mustache form{std::string(embedded_page(fmt::format("{}.mustache", name)))};
  return form.render(view);
}

// The keys of words.tsv that the templates name: {{word.KEY}}.
std::set<std::string> find_heading_keys() {
  constexpr std::string_view kOpen = "{{word.";
  std::set<std::string> keys;
  for (const auto& file : embedded::web_pages()) {
    for (auto at = file.text.find(kOpen); at != std::string_view::npos;
         at = file.text.find(kOpen, at)) {
      at += kOpen.size();
      keys.emplace(file.text.substr(at, file.text.find('}', at) - at));
    }
  }
  return keys;
}

View headings(const Knowledge& knowledge, std::string_view language) {
  static const auto keys = find_heading_keys();
  View view;
  for (const auto& key : keys) view.set(key, std::string(knowledge.word(key, language)));
  return view;
}

// What head.mustache shows beside the title.
void set_head(View& view, const PageHead& head) {
  set_text(view, "refresh", head.refresh_seconds > 0 ? fmt::to_string(head.refresh_seconds) : "");
  set_text(view, "live", head.live_seconds > 0 ? fmt::to_string(head.live_seconds) : "");
  set_text(view, "language", head.language);
  set_text(view, "asked_language", head.asked_language);
  set_text(view, "address", head.address);
  set_text(view, "canonical", head.canonical);
  ViewList translations;
  for (const auto& translation : head.translations) {
    View one;
    set_text(one, "translation", translation.language);
    set_text(one, "translation_name", translation.name);
    set_text(one, "translation_address", translation.address);
    one.set("current", translation.language == head.language);
    translations.push_back(std::move(one));
  }
  view.set("translations", translations);
  view.set("translated", head.translations.size() > 1);
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
  set_head(view, head);
  view.set("word", headings(*site.sources.knowledge(), head.language));
  set_text(view, "version", site.options.version);
  view.set("metrics_path", site.options.telemetry_path);
  view.set("script_version", fingerprint(embedded_page("live.js")));
  view.set("style_version", fingerprint(embedded_page("style.css")));
  std::string body = render("head", view);
  body += render(name, view);
  body += render("foot", view);
  Response response{
      head.status, std::string(kHtml), {{"Cache-Control", head.cache_control}}, std::move(body)};
  if (!head.translations.empty()) add_language(response, head.language);
  return response;
}

void add_language(Response& response, const std::string& language) {
  response.headers.push_back({"Content-Language", language});
  response.headers.push_back({"Vary", "Accept-Language"});
}

}  // namespace sre
