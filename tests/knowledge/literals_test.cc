#include "agent/knowledge/literals.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>

namespace sre {
namespace {

using testing::IsEmpty;
using testing::UnorderedElementsAre;

TEST(Literals, AreFoundWhateverTheirCase) {
  const Literals literals({"spam", "relay"});
  EXPECT_THAT(literals.found_in("Relaying denied: SPAM, SpaM"), UnorderedElementsAre(0, 1));
  EXPECT_THAT(literals.found_in("nothing of the kind"), IsEmpty());
  EXPECT_THAT(literals.found_in(""), IsEmpty());
}

TEST(Literals, AreFoundWithinAndBesideEachOther) {
  const Literals literals({"user unknown", "unknown", "known", "use", "no"});
  EXPECT_THAT(literals.found_in("user unknown"), UnorderedElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(literals.found_in("userunknow"), UnorderedElementsAre(3, 4));
  EXPECT_THAT(literals.found_in("useunknown"), UnorderedElementsAre(1, 2, 3, 4));
}

TEST(Literals, MayHoldAnyBytes) {
  const Literals literals({"bo\xC3\xAEte", std::string("a\0b", 3), "\xFF"});
  EXPECT_THAT(literals.found_in("BO\xC3\xAETE pleine"), UnorderedElementsAre(0));
  EXPECT_THAT(literals.found_in(std::string("xA\0B\xFF", 5)), UnorderedElementsAre(1, 2));
}

TEST(Literals, AreNone) { EXPECT_THAT(Literals({}).found_in("any text"), IsEmpty()); }

// Against the obvious way, on texts in which much occurs.
TEST(Literals, AreThoseThatASearchOfEachFinds) {
  std::mt19937 random(1);
  const auto word = [&](std::size_t longest) {
    std::string text;
    for (auto i = 1 + random() % longest; i > 0; --i) {
      text += static_cast<char>('a' + random() % 3);
    }
    return text;
  };
  for (int round = 0; round < 200; ++round) {
    std::vector<std::string> words;
    while (words.size() < 12) {
      auto one = word(5);
      if (std::find(words.begin(), words.end(), one) == words.end()) words.push_back(one);
    }
    const auto text = word(30);
    std::vector<int> wanted;
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (text.find(words[i]) != std::string::npos) wanted.push_back(static_cast<int>(i));
    }
    EXPECT_THAT(Literals(words).found_in(text), testing::UnorderedElementsAreArray(wanted)) << text;
  }
}

}  // namespace
}  // namespace sre
