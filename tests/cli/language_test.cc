#include "agent/cli/language.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace sre {
namespace {

// Sets the locale as a shell would, for one test.
class LocaleTest : public testing::Test {
 protected:
  LocaleTest() { clear(); }
  ~LocaleTest() override { clear(); }
  static void clear() {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) ::unsetenv(name);
  }
  static std::string language(const std::string& named = "") {
    const auto chosen = choose_language(*Knowledge::built_in(), named);
    return chosen ? *chosen : chosen.error().message;
  }
};

TEST_F(LocaleTest, SaysTheLanguageWhereNoFlagDoes) {
  EXPECT_EQ(language(), "en");
  ::setenv("LANG", "tr_TR.UTF-8", 1);
  EXPECT_EQ(language(), "tr");
  ::setenv("LC_MESSAGES", "fr_CA", 1);
  EXPECT_EQ(language(), "fr") << "before LANG";
  ::setenv("LC_ALL", "C.UTF-8", 1);
  EXPECT_EQ(language(), "en") << "before LC_MESSAGES";
  ::setenv("LC_ALL", "", 1);
  EXPECT_EQ(language(), "fr") << "an empty variable is none";
  EXPECT_EQ(language("en"), "en");
}

TEST_F(LocaleTest, IsEnglishWhereThereAreNoTextsInItsLanguage) {
  for (const char* other : {"C", "POSIX", "C.UTF-8", "", "de_DE", "x", "tr@", "trk_TR", "../en"}) {
    ::setenv("LANG", other, 1);
    EXPECT_EQ(language(), std::string(other) == "tr@" ? "tr" : "en") << other;
  }
}

TEST_F(LocaleTest, DoesNotMatterWhereAFlagNamesTheLanguage) {
  ::setenv("LANG", "tr_TR", 1);
  EXPECT_EQ(language("fr"), "fr");
  EXPECT_EQ(language("xx"), "--lang: \"xx\" is none of en|fr|tr");
  EXPECT_EQ(language("\x1b[1m"), "--lang: \"\\x1B[1m\" is none of en|fr|tr");
}

}  // namespace
}  // namespace sre
