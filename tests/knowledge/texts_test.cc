#include "agent/knowledge/texts.h"

#include <gmock/gmock.h>

#include <regex>
#include <set>

#include "agent/knowledge/knowledge_data.h"

namespace sre {
namespace {

using testing::HasSubstr;
using testing::Not;

const KnowledgeData& built_in() {
  static const auto data = read_knowledge(built_in_files());
  return *data;
}

// Every text of a language by a name that says where it stands: "codes.tsv 535 meaning".
std::map<std::string, std::string> cells(const Texts& texts) {
  std::map<std::string, std::string> cells;
  for (const auto& [code, text] : texts.codes) {
    const auto at = "codes.tsv " + std::to_string(code);
    cells[at + " name"] = text.name;
    cells[at + " meaning"] = text.meaning;
    cells[at + " when"] = text.when;
    cells[at + " fix"] = text.fix;
    if (!text.expect.empty()) cells[at + " expect"] = text.expect;
  }
  for (const auto& [code, text] : texts.enhanced) {
    const auto at =
        "enhanced.tsv X." + std::to_string(code.first) + "." + std::to_string(code.second);
    cells[at + " name"] = text.name;
    cells[at + " meaning"] = text.meaning;
  }
  for (const auto& [reason, text] : texts.reasons) {
    const auto at = "reasons.tsv " + std::string(to_string(reason));
    cells[at + " name"] = text.name;
    cells[at + " meaning"] = text.meaning;
    cells[at + " fix"] = text.fix;
  }
  for (const auto& [pair, text] : texts.pairs) {
    const auto at = "pairs.tsv " + std::to_string(pair.first) + " " + std::to_string(pair.second);
    cells[at + " changed"] = text.changed;
    cells[at + " first"] = text.first;
  }
  for (const auto& [key, text] : texts.words) cells["words.tsv " + key] = text;
  return cells;
}

const Texts& english() { return built_in().texts.at("en"); }

std::multiset<std::string> placeholders(const std::string& text) {
  static const std::regex kPlaceholder(R"(\{\w+\})");
  return {std::sregex_token_iterator(text.begin(), text.end(), kPlaceholder), {}};
}

// English is complete, or the knowledge base would not be read at all; so every other language has
// to have what English has.
TEST(Texts, OfEveryLanguageHaveNoGap) {
  const auto wanted = cells(english());
  for (const auto& [language, texts] : built_in().texts) {
    const auto told = cells(texts);
    for (const auto& [at, text] : wanted) EXPECT_TRUE(told.contains(at)) << language << "/" << at;
    for (const auto& [at, text] : told) EXPECT_TRUE(wanted.contains(at)) << language << "/" << at;
  }
}

TEST(Texts, FillInTheSameValuesInEveryLanguage) {
  const auto wanted = cells(english());
  for (const auto& [language, texts] : built_in().texts) {
    for (const auto& [at, text] : cells(texts)) {
      EXPECT_EQ(placeholders(text), placeholders(wanted.at(at))) << language << "/" << at;
    }
  }
}

TEST(Texts, SayThingsDifferentlyInEachLanguage) {
  const auto wanted = cells(english());
  for (const auto& [language, texts] : built_in().texts) {
    if (language == "en") continue;
    std::size_t same = 0;
    for (const auto& [at, text] : cells(texts)) {
      // A word of the protocol ("AUTH") is the same everywhere, a sentence never.
      const bool sentence = text.find(' ') != std::string::npos && text.size() > 40;
      if (sentence) {
        EXPECT_NE(text, wanted.at(at)) << language << "/" << at;
      }
      same += text == wanted.at(at) ? 1 : 0;
    }
    EXPECT_LT(same, 40U) << language;
  }
}

TEST(Texts, HoldNoStrayBlanks) {
  for (const auto& [language, texts] : built_in().texts) {
    for (const auto& [at, text] : cells(texts)) {
      EXPECT_THAT(text, Not(HasSubstr("  "))) << language << "/" << at;
      EXPECT_NE(text.front(), ' ') << language << "/" << at;
      EXPECT_NE(text.back(), ' ') << language << "/" << at;
    }
  }
}

TEST(Texts, NameWhateverTheTablesName) {
  const auto named = [](const std::string& key) { return english().words.contains(key); };
  for (const auto& entry : built_in().codes) {
    for (const auto& fault : entry.fault) EXPECT_TRUE(named("fault_" + fault)) << fault;
    for (const auto* prefix : {"class_", "client_must_", "retry_", "expect_"}) {
      const auto key = prefix + std::to_string(entry.code / 100);
      EXPECT_TRUE(named(key)) << key;
    }
  }
  for (const auto& entry : built_in().reasons) {
    EXPECT_TRUE(named("group_" + entry.group)) << entry.group;
    EXPECT_TRUE(named(entry.seen_by)) << entry.seen_by;
    EXPECT_TRUE(entry.persistence.empty() || named(entry.persistence)) << entry.persistence;
  }
  for (const auto phase : kPhases) {
    EXPECT_TRUE(named("phase_" + std::string(to_string(phase)))) << to_string(phase);
  }
}

}  // namespace
}  // namespace sre
