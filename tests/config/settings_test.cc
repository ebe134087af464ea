#include "agent/config/restart.h"
#include "tests/config/scratch.h"

namespace sre {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

using Settings = Scratch;

TEST_F(Settings, OfAnEmptyFileAreTheDefaults) {
  const auto config = parsed("");
  EXPECT_EQ(config.agent.interval, seconds{60});
  EXPECT_EQ(config.agent.timeout, seconds{15});
  EXPECT_THAT(config.agent.helo, Not(IsEmpty())) << "the machine's name";
  EXPECT_EQ(config.agent.max_in_flight, 256);
  EXPECT_EQ(config.agent.state_file, "");
  EXPECT_EQ(config.agent.knowledge_dir, "");
  EXPECT_THAT(config.agent.dns_servers, IsEmpty());
  EXPECT_TRUE(config.agent.duration_histogram);
  EXPECT_THAT(config.checks, IsEmpty());
  EXPECT_THAT(config.modules, IsEmpty());
}

TEST_F(Settings, ThatTakeARestartAreNamed) {
  const auto before = parsed("").agent;
  const auto same = parsed("[agent]\ninterval = \"5m\"\nmax_in_flight = 7").agent;
  EXPECT_THAT(keys_for_restart(before, same), IsEmpty());
  const auto after = parsed("[agent]\nstate_file = \"state.db\"\nduration_histogram = false").agent;
  EXPECT_THAT(keys_for_restart(before, after), ElementsAre("state_file", "duration_histogram"));
}

TEST_F(Settings, OfTheAgentAreTakenFromItsTable) {
  const auto config = parsed(R"([agent]
interval = "1m30s"
timeout = "250ms"
helo = "[192.0.2.1]"
max_in_flight = 7
state_file = "state/state.db"
knowledge_dir = "folder"
dns_servers = ["192.0.2.53", "192.0.2.54:5353", "2001:db8::53", "[2001:db8::54]:5353"]
duration_histogram = false
)");
  EXPECT_EQ(config.agent.interval, seconds{90});
  EXPECT_EQ(config.agent.timeout, milliseconds{250});
  EXPECT_EQ(config.agent.helo, "[192.0.2.1]");
  EXPECT_EQ(config.agent.max_in_flight, 7);
  EXPECT_EQ(config.agent.state_file, path("state/state.db")) << "relative to the file";
  EXPECT_EQ(config.agent.knowledge_dir, path("folder"));
  EXPECT_THAT(config.agent.dns_servers, ElementsAre("192.0.2.53:53", "192.0.2.54:5353",
                                                    "[2001:db8::53]:53", "[2001:db8::54]:5353"));
  EXPECT_FALSE(config.agent.duration_histogram);
}

TEST_F(Settings, LeaveAbsolutePathsAlone) {
  EXPECT_EQ(parsed("[agent]\nstate_file = \"/var/lib/x/../state.db\"").agent.state_file,
            "/var/lib/state.db");
}

TEST_F(Settings, OfTheAgentGiveWayToTheTargetAndThoseToTheCheck) {
  const auto config = parsed(R"([agent]
interval = "10m"
timeout = "5s"
helo = "agent.example"

[[target]]
name = "a"
host = "smtp.example.com"
checks = ["greeting"]

[[target]]
name = "b"
host = "smtp.example.com"
interval = "20m"
timeout = "6s"
helo = "target.example"
checks = ["greeting"]

[[target.check]]
kind = "greeting"
name = "own"
interval = "30m"
timeout = "7s"
helo = "check.example"
)");
  ASSERT_EQ(config.checks.size(), 3U);
  EXPECT_EQ(config.checks[0]->id(), "a/greeting");
  EXPECT_EQ(config.checks[0]->interval, minutes{10});
  EXPECT_EQ(config.checks[0]->timeout, seconds{5});
  EXPECT_EQ(config.checks[0]->helo, "agent.example");
  EXPECT_EQ(config.checks[1]->id(), "b/greeting");
  EXPECT_EQ(config.checks[1]->interval, minutes{20});
  EXPECT_EQ(config.checks[1]->timeout, seconds{6});
  EXPECT_EQ(config.checks[1]->helo, "target.example");
  EXPECT_EQ(config.checks[2]->id(), "b/own");
  EXPECT_EQ(config.checks[2]->interval, minutes{30});
  EXPECT_EQ(config.checks[2]->timeout, seconds{7});
  EXPECT_EQ(config.checks[2]->helo, "check.example");
}

TEST_F(Settings, ShortenTheDefaultTimeoutToAShorterInterval) {
  const auto config = parsed(R"([[target]]
name = "a"
host = "smtp.example.com"
interval = "5s"
)");
  EXPECT_EQ(config.checks.at(0)->timeout, seconds{5});
  EXPECT_EQ(config.agent.timeout, seconds{15});
}

TEST_F(Settings, RunRefusedLoginsHourlyUnlessTheyHaveAnIntervalOfTheirOwn) {
  const auto interval = [&](std::string_view keys) {
    return parsed("[[target]]\nname = \"a\"\nhost = \"h.example\"\n" + std::string(keys))
        .checks.at(0)
        ->interval;
  };
  EXPECT_EQ(interval("checks = [\"login_refused\"]"), hours{1});
  EXPECT_EQ(interval("interval = \"30s\"\nchecks = [\"login_refused\"]"), hours{1})
      << "a target's interval is not meant for it";
  EXPECT_EQ(interval("interval = \"6h\"\nchecks = [\"login_refused\"]"), hours{6});
  EXPECT_EQ(interval("[[target.check]]\nkind = \"login_refused\"\ninterval = \"5m\""), minutes{5});
}

Target target(const Config& config) {
  return config.targets.empty() ? Target{} : *config.targets[0];
}

TEST_F(Settings, OfATargetHavePortAndTlsFromEachOther) {
  const auto of = [&](std::string_view keys) {
    const auto its =
        target(parsed("[[target]]\nname = \"a\"\nhost = \"h.example\"\n" + std::string(keys)));
    return std::string(to_string(its.tls)) + " " + std::to_string(its.port);
  };
  EXPECT_EQ(of(""), "opportunistic 25");
  EXPECT_EQ(of("tls = \"none\""), "none 25");
  EXPECT_EQ(of("tls = \"starttls\""), "starttls 587");
  EXPECT_EQ(of("tls = \"implicit\""), "implicit 465");
  EXPECT_EQ(of("port = 465"), "implicit 465");
  EXPECT_EQ(of("port = 587"), "starttls 587");
  EXPECT_EQ(of("port = 2525"), "opportunistic 2525");
  EXPECT_EQ(of("port = 465\ntls = \"none\""), "none 465");
}

TEST_F(Settings, OfATargetAreAllTaken) {
  const auto its = target(parsed(R"([[target]]
name = "corp.mail_1-a"
host = "2001:db8::1"
ca_file = "ca.pem"
server_name = "smtp.example.com"
verify = false
source_address = "2001:db8::2"
ip = "6"
address = "each"
max_connections = 3
labels = { team = "mail", "_site" = "gr\u00fcn" }
)"));
  EXPECT_EQ(its.name, "corp.mail_1-a");
  EXPECT_EQ(its.host, "2001:db8::1");
  EXPECT_EQ(its.mx, "");
  EXPECT_EQ(its.ca_file, path("ca.pem"));
  EXPECT_EQ(its.server_name, "smtp.example.com");
  EXPECT_FALSE(its.verify);
  EXPECT_EQ(its.source_address, "2001:db8::2");
  EXPECT_EQ(its.ip, IpFamily::v6);
  EXPECT_EQ(its.address, AddressChoice::each);
  EXPECT_EQ(its.credentials, nullptr);
  EXPECT_EQ(its.max_connections, 3);
  EXPECT_THAT(its.labels, ElementsAre(std::pair<std::string, std::string>("team", "mail"),
                                      std::pair<std::string, std::string>("_site", "gr\u00fcn")));
}

TEST_F(Settings, OfATargetMayNameADomainInPlaceOfAHost) {
  const auto its = target(parsed("[[target]]\nname = \"a\"\nmx = \"example.com\"\n"));
  EXPECT_EQ(its.mx, "example.com");
  EXPECT_EQ(its.host, "");
}

}  // namespace
}  // namespace sre
