#include "tests/config/scratch.h"

namespace sre {
namespace {

using testing::HasSubstr;
using testing::Not;

class Shown : public Scratch {
 protected:
  std::string everything() const {
    return read_text(source("tests/config/testdata/good/everything.toml"));
  }
};

TEST_F(Shown, HasNoSecretButAPlaceForEach) {
  const auto text = shown(parsed(everything()));
  EXPECT_THAT(text, Not(HasSubstr(kPassword)));
  EXPECT_THAT(text, Not(HasSubstr("Y29ycmVjdCBob3JzZQ"))) << "base64 of it";
  EXPECT_THAT(text, HasSubstr("secret\"  # <secret>"));
  EXPECT_THAT(text, HasSubstr("password_env = \"SRE_TEST_PASSWORD\"  # <secret>"));
}

TEST_F(Shown, IsReadBackAsTheSameChecks) {
  const auto before = parsed(everything());
  const auto after = parsed(shown(before));
  ASSERT_FALSE(before.checks.empty());
  ASSERT_EQ(before.checks.size(), after.checks.size());
  for (std::size_t i = 0; i < before.checks.size(); ++i) {
    EXPECT_TRUE(same_check(*before.checks[i], *after.checks[i])) << before.checks[i]->id();
  }
  ASSERT_EQ(before.modules.size(), after.modules.size());
  for (std::size_t i = 0; i < before.modules.size(); ++i) {
    EXPECT_TRUE(same_check(before.modules[i].check, after.modules[i].check));
    EXPECT_EQ(before.modules[i].targets, after.modules[i].targets);
  }
  EXPECT_EQ(shown(before), shown(after));
}

TEST_F(Shown, FillsInTheDefaults) {
  const auto text = shown(parsed("[[target]]\nname = \"a\"\nhost = \"smtp.example.com\"\n"));
  EXPECT_THAT(text, HasSubstr("interval = \"1m\"\n"));
  EXPECT_THAT(text, HasSubstr("port = 25\ntls = \"opportunistic\"\n"));
  EXPECT_THAT(text, HasSubstr("expect = { banner = \"220\", ehlo = \"250\" }\n"));
}

TEST_F(Shown, EscapesWhatTomlWouldMisread) {
  const auto text =
      shown(parsed("[[target]]\nname = \"a\"\nhost = \"smtp.example.com\"\nlabels = { team = "
                   "\"a\\\"]\\n[b\" }\n"));
  EXPECT_THAT(text, HasSubstr(R"(labels = { team = "a\"]\n[b" })"));
}

}  // namespace
}  // namespace sre
