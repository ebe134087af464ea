#include "agent/check/kind.h"

#include <gmock/gmock.h>

#include <set>

namespace sre {
namespace {

TEST(Kind, IsReadBackFromItsName) {
  std::set<std::string_view> names;
  for (const Kind kind : kKinds) {
    EXPECT_EQ(parse_kind(to_string(kind)), kind) << to_string(kind);
    names.insert(to_string(kind));
  }
  EXPECT_EQ(names.size(), kKinds.size());
  EXPECT_THAT(names, testing::IsSupersetOf({"login_refused", "login_required", "relay_refused"}));
}

TEST(Kind, IsNotReadFromAnotherSpelling) {
  EXPECT_FALSE(parse_kind("Login"));
  EXPECT_FALSE(parse_kind("login-refused"));
  EXPECT_FALSE(parse_kind(""));
}

TEST(KindTraits, WantARefusalNoLaterThanTheDialogueGoes) {
  for (const Kind kind : kKinds) {
    const auto& its = traits(kind);
    if (its.wants_refusal) {
      EXPECT_LE(its.refusal_from, its.until) << to_string(kind);
    } else {
      EXPECT_EQ(its.refusal_from, Phase::quit) << to_string(kind);
    }
  }
}

TEST(KindTraits, TakeTheTlsCheckThroughStarttls) {
  EXPECT_EQ(traits(Kind::tls).until, Phase::starttls);
  EXPECT_EQ(traits(Kind::greeting).until, Phase::ehlo);
}

TEST(KindTraits, RefuseLoginsOnlyOnceAnHour) {
  for (const Kind kind : kKinds) {
    const Duration expected =
        kind == Kind::login_refused ? Duration(std::chrono::hours{1}) : Duration::zero();
    EXPECT_EQ(traits(kind).default_interval, expected) << to_string(kind);
  }
}

}  // namespace
}  // namespace sre
