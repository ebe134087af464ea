#include "agent/web/edition.h"

#include <fmt/format.h>

#include <utility>

#include "agent/web/language.h"
#include "agent/web/url.h"

namespace sre {
namespace {

std::string with_query(std::string address, std::string_view language, std::string_view query) {
  std::string all = language.empty() ? "" : "lang=" + percent_encode(language);
  if (!all.empty() && !query.empty()) all += '&';
  all += query;
  return all.empty() ? address : address + "?" + all;
}

}  // namespace

Edition::Edition(const Site& site, const Request& request)
    : site_(site), knowledge_(site.sources.knowledge()) {
  const auto known = knowledge_->languages();
  const auto asked = request.parameter("lang");
  if (asked) asked_ = known_language(*asked, known).value_or("");
  language_ = asked_.empty() ? accepted_language(request.header("Accept-Language"), known) : asked_;
}

std::string Edition::word(std::string_view key) const {
  return std::string(knowledge_->word(key, language_));
}

std::string Edition::link(std::string_view path) const {
  return with_query(site_.link(path), asked_, {});
}

PageHead Edition::head(std::string title, const std::string& path, const std::string& query) const {
  PageHead head;
  head.title = std::move(title);
  head.language = language_;
  head.asked_language = asked_;
  head.cache_control = query.empty() ? kCacheable : kNotCacheable;
  const auto address = site_.link(path);
  head.address = with_query(address, {}, query);
  head.canonical = with_query(address, language_, {});
  for (const auto language : knowledge_->languages()) {
    head.translations.push_back({std::string(language),
                                 std::string(knowledge_->word("language", language)),
                                 with_query(address, language, query)});
  }
  return head;
}

Response Edition::answer(const Json& json, std::string_view cache_control) const {
  Response response{
      200, std::string(kJson), {{"Cache-Control", std::string(cache_control)}}, to_text(json)};
  add_language(response, language_);
  return response;
}

}  // namespace sre
