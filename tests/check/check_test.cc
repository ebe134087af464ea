#include "agent/check/check.h"

#include <gmock/gmock.h>

namespace sre {
namespace {

Check login_check() {
  Target target;
  target.name = "corp";
  target.host = "smtp.example.com";
  Check check;
  check.target = std::make_shared<const Target>(target);
  check.name = "login";
  check.kind = Kind::login;
  check.expect = default_expectations(Kind::login, target, Phase::auth);
  return check;
}

TEST(Check, IsIdentifiedByTargetAndName) { EXPECT_EQ(login_check().id(), "corp/login"); }

TEST(SameCheck, HoldsForTwoThatWereReadFromTheSameText) {
  EXPECT_NE(login_check().target, login_check().target) << "two pointers";
  EXPECT_TRUE(same_check(login_check(), login_check()));
}

TEST(SameCheck, SeesEverySetting) {
  const auto differs = [](auto change) {
    auto other = login_check();
    change(other);
    return !same_check(login_check(), other);
  };
  EXPECT_TRUE(differs([](Check& c) { c.interval = std::chrono::seconds{61}; }));
  EXPECT_TRUE(differs([](Check& c) { c.name = "other"; }));
  EXPECT_TRUE(differs([](Check& c) { c.helo = "other.example"; }));
  EXPECT_TRUE(differs([](Check& c) { c.expect.erase(Phase::auth); }));
  EXPECT_TRUE(differs([](Check& c) {
    c.expect.insert_or_assign(Phase::auth, ReplyPattern::parse("535").value());
  }));
  EXPECT_TRUE(differs([](Check& c) {
    Target moved = *c.target;
    moved.host = "mail.example.com";
    c.target = std::make_shared<const Target>(moved);
  }));
}

TEST(MayRefuseLater, IsTrueOnlyBeforeTheLastPhaseThatCanRefuse) {
  const auto asks = [](Kind kind) {
    Check check;
    check.kind = kind;
    check.until = traits(kind).until;
    return check;
  };
  EXPECT_TRUE(may_refuse_later(asks(Kind::login_required), Phase::mail));
  EXPECT_TRUE(may_refuse_later(asks(Kind::relay_refused), Phase::mail));
  EXPECT_FALSE(may_refuse_later(asks(Kind::login_required), Phase::rcpt));
  EXPECT_FALSE(may_refuse_later(asks(Kind::login_required), Phase::ehlo));
  EXPECT_FALSE(may_refuse_later(asks(Kind::login_refused), Phase::auth));
  EXPECT_FALSE(may_refuse_later(asks(Kind::recipient), Phase::mail));
  auto early = asks(Kind::login_required);
  early.until = Phase::mail;
  EXPECT_FALSE(may_refuse_later(early, Phase::mail));
}

}  // namespace
}  // namespace sre
