#include "agent/demo/login_exchange.h"

#include <gtest/gtest.h>

#include "agent/base/text.h"

namespace sre {
namespace {

using Kind = LoginExchange::Next::Kind;

const ScriptUser kUser{"probe", Secret("pear-tree")};

std::string plain(std::string_view name, std::string_view password) {
  return base64_encode(std::string(1, '\0') + std::string(name) + '\0' + std::string(password));
}

TEST(LoginExchange, TakesPlainInOneLineOrTwo) {
  EXPECT_EQ(LoginExchange(kUser).begin("PLAIN " + plain("probe", "pear-tree")).kind,
            Kind::accepted);
  LoginExchange exchange(kUser);
  EXPECT_EQ(exchange.begin("plain").kind, Kind::challenge);
  EXPECT_EQ(exchange.answer(plain("probe", "pear-tree")).kind, Kind::accepted);
}

TEST(LoginExchange, AsksLoginForNameAndPassword) {
  LoginExchange exchange(kUser);
  EXPECT_EQ(exchange.begin("LOGIN").challenge, "VXNlcm5hbWU6");
  EXPECT_EQ(exchange.answer(base64_encode("probe")).challenge, "UGFzc3dvcmQ6");
  EXPECT_EQ(exchange.answer(base64_encode("pear-tree")).kind, Kind::accepted);
}

TEST(LoginExchange, RejectsAWrongNameAndAWrongPassword) {
  EXPECT_EQ(LoginExchange(kUser).begin("PLAIN " + plain("probe", "pear")).kind, Kind::rejected);
  EXPECT_EQ(LoginExchange(kUser).begin("PLAIN " + plain("other", "pear-tree")).kind,
            Kind::rejected);
}

TEST(LoginExchange, TakesAnybodyForAStar) {
  const ScriptUser anybody{"*", Secret("*")};
  EXPECT_EQ(LoginExchange(anybody).begin("PLAIN " + plain("x", "y")).kind, Kind::accepted);
}

TEST(LoginExchange, CallsNonsenseMalformed) {
  EXPECT_EQ(LoginExchange(kUser).begin("PLAIN !!!").kind, Kind::malformed);
  EXPECT_EQ(LoginExchange(kUser).begin("PLAIN AAA").kind, Kind::malformed);
  EXPECT_EQ(LoginExchange(kUser).begin("PLAIN " + base64_encode("no separators")).kind,
            Kind::malformed);
}

}  // namespace
}  // namespace sre
