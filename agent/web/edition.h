#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "agent/knowledge/knowledge.h"
#include "agent/report/report.h"
#include "agent/web/http.h"
#include "agent/web/page.h"
#include "agent/web/site.h"

namespace sre {

// The knowledge base as one reader sees it: in the language of `?lang=`, else of Accept-Language,
// else in English; and how links lead on in it. Immutable.
class Edition {
 public:
  Edition(const Site& site, const Request& request);

  const Site& site() const { return site_; }
  const Knowledge& knowledge() const { return *knowledge_; }
  const std::string& language() const { return language_; }

  // A heading or name of words.tsv.
  std::string word(std::string_view key) const;
  // The address of `path` ("/codes/535") as a link must name it, the language kept if it was asked
  // for.
  std::string link(std::string_view path) const;

  // The head of the page at `path`: language, canonical address, and the links that change the
  // language. `query` ("q=535") stays with these.
  PageHead head(std::string title, const std::string& path, const std::string& query = {}) const;

  // `json` with the headers that belong to a text in this language.
  Response answer(const Json& json, std::string_view cache_control) const;

 private:
  const Site& site_;
  std::shared_ptr<const Knowledge> knowledge_;
  // The language as `?lang=` named it; empty where the browser's wishes decided, so that they
  // decide on the next page too.
  std::string asked_;
  std::string language_;
};

// What these pages say is the same until the next reload.
inline constexpr std::string_view kCacheable = "max-age=300";
inline constexpr std::string_view kNotCacheable = "no-store";

}  // namespace sre
