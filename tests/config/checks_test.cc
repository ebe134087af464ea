#include "tests/config/scratch.h"

namespace sre {
namespace {

using testing::ElementsAre;

class Checks : public Scratch {
 protected:
  std::vector<std::string> names(std::string_view text) const {
    std::vector<std::string> found;
    for (const auto& check : parsed(text).checks) found.push_back(check->name);
    return found;
  }
  Check only(std::string_view text) const {
    const auto config = parsed(text);
    EXPECT_EQ(config.checks.size(), 1U);
    return config.checks.empty() ? Check{} : *config.checks[0];
  }
};

std::string target(std::string_view more) {
  return "[[target]]\nname = \"a\"\nhost = \"smtp.example.com\"\nhelo = \"monitor.example\"\n" +
         std::string(more);
}

TEST_F(Checks, AreTheUsualOnesWhereNoneIsNamed) {
  EXPECT_THAT(names(target("tls = \"none\"")), ElementsAre("greeting"));
  EXPECT_THAT(names(target("tls = \"opportunistic\"")), ElementsAre("greeting"));
  EXPECT_THAT(names(target("tls = \"implicit\"")), ElementsAre("greeting", "tls"));
  EXPECT_THAT(names(with_credentials("")), ElementsAre("greeting", "tls", "login"));
}

TEST_F(Checks, AreOnlyTheNamedOnesWhereSomeAre) {
  EXPECT_THAT(names(with_credentials("checks = [\"login\"]")), ElementsAre("login"));
  EXPECT_THAT(names(with_credentials("[[target.check]]\nkind = \"login\"")), ElementsAre("login"));
  EXPECT_THAT(names(with_credentials("checks = [\"tls\"]\n[[target.check]]\nkind = \"login\"\n"
                                     "[[target.check]]\nkind = \"login\"\nname = \"again\"")),
              ElementsAre("tls", "login", "again"));
}

TEST_F(Checks, KnowTheirTarget) {
  const auto config = parsed(target("checks = [\"greeting\", \"relay_refused\"]"));
  ASSERT_EQ(config.checks.size(), 2U);
  EXPECT_EQ(config.checks[0]->target, config.targets.at(0));
  EXPECT_EQ(config.checks[1]->target, config.targets.at(0));
}

TEST_F(Checks, SendFromTheCredentialsAddressOrFromTheHeloName) {
  EXPECT_EQ(only(with_credentials("checks = [\"login_required\"]")).from, "probe@example.com");
  EXPECT_EQ(only(target("checks = [\"login_required\"]")).from, "probe@monitor.example");
  EXPECT_EQ(only(target("[[target.check]]\nkind = \"relay_refused\"\nfrom = \"\"")).from, "")
      << "the null sender";
}

TEST_F(Checks, SendToWhomTheKindImplies) {
  EXPECT_EQ(only(target("checks = [\"login_required\"]")).to, "probe@monitor.example");
  EXPECT_EQ(only(target("checks = [\"relay_refused\"]")).to, "relay-check@example.org");
  EXPECT_EQ(only(target("[[target.check]]\nkind = \"recipient\"\nto = \"Postmaster\"")).to,
            "Postmaster");
}

TEST_F(Checks, HaveNoAddressesWhereTheDialogueNeverSaysThem) {
  const auto login = only(with_credentials("checks = [\"login\"]"));
  EXPECT_EQ(login.from, "");
  EXPECT_EQ(login.to, "");
  const auto sender = only(target("[[target.check]]\nkind = \"recipient\"\nuntil = \"mail\""));
  EXPECT_EQ(sender.from, "probe@monitor.example");
  EXPECT_EQ(sender.to, "");
}

TEST_F(Checks, EndWhereTheKindDoesOrEarlier) {
  EXPECT_EQ(only(with_credentials("checks = [\"login\"]")).until, Phase::auth);
  EXPECT_EQ(only(target("[[target.check]]\nkind = \"greeting\"\nuntil = \"banner\"")).until,
            Phase::banner);
}

TEST_F(Checks, ExpectWhatTheKindDoesWithTheConfiguredPutIn) {
  const auto check =
      only(with_credentials("[[target.check]]\nkind = \"login\"\nexpect = { auth = \"235|535 "
                            "5.7.8\", banner = \"2xx\" }"));
  EXPECT_EQ(check.expect.at(Phase::auth).text(), "235|535 5.7.8");
  EXPECT_EQ(check.expect.at(Phase::banner).text(), "2xx");
  EXPECT_EQ(check.expect.at(Phase::ehlo).text(), "250");
  EXPECT_EQ(check.expect.size(), 4U) << "banner, ehlo, starttls, auth";
}

TEST_F(Checks, OfTlsHaveAMinimumValidity) {
  using days = std::chrono::duration<int, std::ratio<86'400>>;
  EXPECT_EQ(only(target("tls = \"implicit\"\nchecks = [\"tls\"]")).min_validity, days{14});
  EXPECT_EQ(only(target("tls = \"implicit\"\n[[target.check]]\nkind = \"tls\"\n"
                        "min_validity = \"7d\""))
                .min_validity,
            days{7});
}

TEST_F(Checks, AreTheSameAfterReadingAnUnchangedFileAgain) {
  const auto text = with_credentials("labels = { team = \"mail\" }");
  const auto before = parsed(text);
  const auto after = parsed(text);
  ASSERT_EQ(before.checks.size(), after.checks.size());
  for (std::size_t i = 0; i < before.checks.size(); ++i) {
    EXPECT_TRUE(same_check(*before.checks[i], *after.checks[i])) << before.checks[i]->id();
  }
}

TEST_F(Checks, AreOthersOnceTheSecretHasChanged) {
  const auto text = with_credentials("checks = [\"login\"]");
  const auto before = only(text);
  write("secret", "battery staple\n");
  EXPECT_FALSE(same_check(before, only(text)));
}

TEST_F(Checks, OfAProbeModuleHaveNoHostYet) {
  const auto config = parsed(with_credentials(R"(
[probe.module.submission]
tls = "starttls"
kind = "login"
credentials = "corp"
timeout = "5s"
targets = ["*.example.com:587", "smtp.example.com:*"]
)"));
  ASSERT_EQ(config.modules.size(), 1U);
  const auto& module = config.modules[0];
  EXPECT_EQ(module.name, "submission");
  EXPECT_THAT(module.targets, ElementsAre("*.example.com:587", "smtp.example.com:*"));
  EXPECT_EQ(module.check.kind, Kind::login);
  EXPECT_EQ(module.check.timeout, std::chrono::seconds{5});
  EXPECT_EQ(module.check.target->host, "");
  EXPECT_EQ(module.check.target->port, 587);
  EXPECT_EQ(module.check.target->credentials->name, "corp");
}

}  // namespace
}  // namespace sre
