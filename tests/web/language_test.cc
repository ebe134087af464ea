#include "agent/web/language.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace sre {
namespace {

constexpr std::array<std::string_view, 4> kKnown = {"en", "fr", "pt-BR", "tr"};

std::string accepted(std::string_view header) {
  return std::string(accepted_language(header, kKnown));
}

TEST(AcceptLanguage, TakesTheHighestQuality) {
  EXPECT_EQ(accepted("fr"), "fr");
  EXPECT_EQ(accepted("en;q=0.5, tr;q=0.9, fr;q=0.7"), "tr");
  EXPECT_EQ(accepted("de, fr;q=0.001"), "fr");
  EXPECT_EQ(accepted("en;q=0.8,fr"), "fr");
  EXPECT_EQ(accepted("tr;q=0.2, tr-TR;q=0.9, fr;q=0.5"), "tr");
}

TEST(AcceptLanguage, TakesTheFirstNamedOfTheSameQuality) {
  EXPECT_EQ(accepted("tr, fr, en"), "tr");
  EXPECT_EQ(accepted("fr;q=0.5,tr;q=0.5"), "fr");
}

TEST(AcceptLanguage, TakesARegionForItsLanguageAndALanguageForItsRegion) {
  EXPECT_EQ(accepted("fr-CA"), "fr");
  EXPECT_EQ(accepted("FR-ca;Q=0.9"), "fr");
  EXPECT_EQ(accepted("pt"), "pt-BR");
  EXPECT_EQ(accepted("pt-br"), "pt-BR");
  EXPECT_EQ(accepted("pt-PT"), "en");
  EXPECT_EQ(accepted("frr"), "en");
  EXPECT_EQ(accepted("f"), "en");
}

TEST(AcceptLanguage, TakesTheDefaultForAnyLanguageUnlessItIsUnwanted) {
  EXPECT_EQ(accepted("*"), "en");
  EXPECT_EQ(accepted("de, *;q=0.5"), "en");
  EXPECT_EQ(accepted("tr;q=0.5, *;q=0.1"), "tr");
  EXPECT_EQ(accepted("en;q=0, *"), "fr");
  EXPECT_EQ(accepted("en;q=0.1, *;q=0.5"), "fr");
  EXPECT_EQ(accepted("*;q=0"), "en");
}

TEST(AcceptLanguage, LeavesOutWhatIsNotWanted) {
  EXPECT_EQ(accepted("fr;q=0, tr;q=0.1"), "tr");
  EXPECT_EQ(accepted("fr;q=0.000"), "en");
}

TEST(AcceptLanguage, PassesOverWhatIsBadlyWritten) {
  for (const char* quality :
       {"", "2", "-1", "1.5", "1.001", "0.1234", "0,5", ".5", "x", "00", "0x"}) {
    EXPECT_EQ(accepted("fr;q=" + std::string(quality) + ", tr;q=0.1"), "tr") << quality;
  }
  EXPECT_EQ(accepted("fr ; level=1 ; q=0.4 , tr;q=0.3"), "fr");
  EXPECT_EQ(accepted("fr;q=1., tr"), "fr");
}

TEST(AcceptLanguage, HasAnAnswerForAnyBytes) {
  EXPECT_EQ(accepted(""), "en");
  EXPECT_EQ(accepted(",,;;,;q=,=,-"), "en");
  EXPECT_EQ(accepted(std::string("\0\xFF\xFE,fr", 6)), "fr");
  EXPECT_EQ(accepted("\r\n<script>"), "en");
  EXPECT_EQ(accepted(std::string(1 << 20, ',') + "tr"), "tr");
  EXPECT_EQ(accepted("fr;" + std::string(1 << 20, ';')), "fr");
  EXPECT_EQ(accepted(std::string(1 << 20, 'f')), "en");
}

TEST(AcceptLanguage, HasAnAnswerWhereNothingIsKnown) {
  EXPECT_EQ(accepted_language("fr", {}), kDefaultLanguage);
}

TEST(KnownLanguage, IsFoundByItsWholeNameInAnyCase) {
  EXPECT_EQ(known_language("FR", kKnown), "fr");
  EXPECT_EQ(known_language("PT-br", kKnown), "pt-BR");
  EXPECT_EQ(known_language("f", kKnown), std::nullopt);
  EXPECT_EQ(known_language("", kKnown), std::nullopt);
}

}  // namespace
}  // namespace sre
