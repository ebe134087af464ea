#include "agent/check/check.h"

namespace sre {

bool same_check(const Check& a, const Check& b) {
  if (!same_target(*a.target, *b.target)) return false;
  // The rest is left to the compiler, so that a new member cannot be forgotten here.
  Check rest = b;
  rest.target = a.target;
  return a == rest;
}

bool risks_an_account(const Check& check) {
  const Login login = traits(check.kind).login;
  return login == Login::required ||
         (login == Login::if_configured && check.target->credentials != nullptr);
}

bool may_refuse_later(const Check& check, Phase phase) {
  const auto& kind = traits(check.kind);
  return kind.wants_refusal && phase >= kind.refusal_from && phase < check.until;
}

}  // namespace sre
