// Follows every link of the knowledge base's pages, as a reader would.

#include <gmock/gmock.h>

#include <deque>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "agent/web/site.h"
#include "tests/web/sample.h"

namespace sre {
namespace {

using test::browser;
using test::site_in_three_languages;

struct Link {
  std::string address;  // unescaped
  bool to_other_language = false;
};

// All that stands between `open` and the next `close`.
std::vector<std::string> between(const std::string& text, std::string_view open, char close) {
  std::vector<std::string> found;
  for (auto at = text.find(open); at != std::string::npos; at = text.find(open, at)) {
    at += open.size();
    found.push_back(text.substr(at, text.find(close, at) - at));
  }
  return found;
}

// As a browser reads an attribute; of the escapes only this one stands in our addresses.
std::string unescaped(std::string text) {
  constexpr std::string_view kAmpersand = "&amp;";
  for (auto at = text.find(kAmpersand); at != std::string::npos; at = text.find(kAmpersand, at)) {
    text.replace(at++, kAmpersand.size(), "&");
  }
  return text;
}

std::vector<Link> links_of(const std::string& body) {
  std::vector<Link> links;
  for (const char* element : {"<a ", "<link "}) {
    for (const auto& tag : between(body, element, '>')) {
      const bool other = tag.find("hreflang=") != std::string::npos;
      for (const auto& address : between(tag, "href=\"", '"')) {
        links.push_back({unescaped(address), other});
      }
    }
  }
  return links;
}

bool of_knowledge(const std::string& path) {
  return path.starts_with("/smtp/codes") || path.starts_with("/smtp/reasons");
}

// All pages that are reached from `start`, each with its text. Each link must lead somewhere.
std::map<std::string, std::string> crawl(const std::string& start, const std::string& kept) {
  const auto site = site_in_three_languages({.external_path = "/smtp"});
  std::map<std::string, std::string> pages;
  std::set<std::string> seen = {start};
  std::deque<std::string> waiting = {start};
  while (!waiting.empty()) {
    const auto address = waiting.front();
    waiting.pop_front();
    const auto response = site(browser("GET", address));
    EXPECT_EQ(response.status, 200) << address;
    if (!of_knowledge(address)) continue;
    for (const auto& link : links_of(response.body)) {
      if (link.address.starts_with("https://")) continue;
      if (link.address.starts_with('#')) {
        const auto id = "id=\"" + link.address.substr(1) + "\"";
        EXPECT_NE(response.body.find(id), std::string::npos) << address << link.address;
        continue;
      }
      if (!link.to_other_language && of_knowledge(link.address)) {
        EXPECT_TRUE(link.address.ends_with(kept)) << address << " leads to " << link.address;
      }
      // The other languages have the same links.
      if (link.to_other_language && address != start) continue;
      if (link.to_other_language) {
        EXPECT_EQ(site(browser("GET", link.address)).status, 200) << link.address;
      } else if (seen.insert(link.address).second) {
        waiting.push_back(link.address);
      }
    }
    pages[address] = response.body;
  }
  return pages;
}

// Everything that has a page was found.
void expect_all(const std::map<std::string, std::string>& pages, const std::string& kept) {
  const auto& base = *Knowledge::built_in();
  for (const auto& entry : base.codes()) {
    EXPECT_TRUE(pages.contains("/smtp/codes/" + std::to_string(entry.code) + kept)) << entry.code;
  }
  for (const auto& entry : base.enhanced_codes()) {
    EXPECT_TRUE(pages.contains("/smtp/codes/" + entry.shown() + kept)) << entry.shown();
  }
  for (const auto& entry : base.reasons()) {
    const std::string slug(to_string(entry.reason));
    EXPECT_TRUE(pages.contains("/smtp/reasons/" + slug + kept)) << slug;
  }
  for (const auto& [a, b] : base.pairs()) {
    const auto pair = std::to_string(a) + "-vs-" + std::to_string(b);
    EXPECT_TRUE(pages.contains("/smtp/codes/" + pair + kept)) << pair;
  }
}

TEST(KnowledgeCrawl, FindsEveryPageFromTheList) { expect_all(crawl("/smtp/codes", ""), ""); }

TEST(KnowledgeCrawl, KeepsTheLanguageThatWasAskedFor) {
  const auto pages = crawl("/smtp/codes?lang=xa", "?lang=xa");
  expect_all(pages, "?lang=xa");
  for (const auto& [address, body] : pages) {
    EXPECT_NE(body.find("<html lang=\"xa\">"), std::string::npos) << address;
  }
}

TEST(KnowledgeCrawl, FindsOneHeadingAndNoIdTwice) {
  for (const auto& [address, body] : crawl("/smtp/codes", "")) {
    const auto heading = body.find("<h1>");
    EXPECT_NE(heading, std::string::npos) << address;
    EXPECT_EQ(body.find("<h1>", heading + 1), std::string::npos) << address;
    std::set<std::string> ids;
    for (const auto& id : between(body, " id=\"", '"')) {
      EXPECT_TRUE(ids.insert(id).second) << address << ": " << id;
    }
  }
}

// A heading that is missing would be shown as nothing, and one that words.tsv lacks as its key.
TEST(Templates, UseHeadingsThatAreThere) {
  const std::filesystem::path folder = SRE_SOURCE_DIR "/agent/web/pages";
  std::set<std::string> used;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().extension() != ".mustache") continue;
    std::ifstream in(file.path());
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    EXPECT_EQ(text.find("{{{"), std::string::npos) << file.path();
    EXPECT_EQ(text.find("{{&"), std::string::npos) << file.path();
    for (auto& key : between(text, "{{word.", '}')) used.insert(std::move(key));
  }
  EXPECT_GE(used.size(), 20U);
  for (const auto& key : used) {
    EXPECT_NE(Knowledge::built_in()->word(key, "en"), key) << key;
  }
}

}  // namespace
}  // namespace sre
