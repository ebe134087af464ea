#include "agent/daemon/agent.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>
#include <future>
#include <set>
#include <thread>

#include "agent/demo/script_parser.h"
#include "agent/demo/scripted_server.h"
#include "tests/base/files.h"
#include "tests/web/client.h"

namespace sre {
namespace {

using testing::HasSubstr;
using testing::Not;

class AgentTest : public testing::Test {
 protected:
  AgentTest() {
    server = ScriptedServer::start(loop, parse_script("banner: 220 hello\n").value(), nullptr, {})
                 .value();
    configure("alpha");
  }

  // A configuration whose only target has this name.
  void configure(const std::string& target) {
    write(
        "[agent]\ninterval = \"1s\"\nstate_file = \"state.db\"\n"
        "[[target]]\nname = \"" +
        target + "\"\nhost = \"127.0.0.1\"\ntls = \"none\"\nport = " +
        std::to_string(server->port()) + "\nchecks = [\"greeting\"]\n");
  }
  void write(const std::string& text) { folder.write("config.toml", text); }
  std::string config() const { return folder / "config.toml"; }

  Result<std::unique_ptr<Agent>> start(const std::string& address = "127.0.0.1:0") {
    return start_with({.listen_addresses = {address}});
  }
  Result<std::unique_ptr<Agent>> start_with(WebOptions web) {
    return Agent::start({.config_file = config(), .web = std::move(web), .version = "1.2.3"},
                        system_clock());
  }
  WebOptions guarded(const std::string& web_config) {
    return {.listen_addresses = {"127.0.0.1:0"},
            .config_file = folder.write("web.yml", web_config)};
  }

  // What a reload comes to.
  static Result<void> reload(Agent& agent) {
    const auto outcome = std::make_shared<std::promise<Result<void>>>();
    agent.reload([outcome](const Result<void>& told) { outcome->set_value(told); });
    return outcome->get_future().get();
  }

  static std::string ask(const Agent& agent, const std::string& request) {
    test::Client client(agent.addresses().front());
    client.send(request + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    return client.read_all();
  }
  static std::string get(const Agent& agent, const std::string& path) {
    return ask(agent, "GET " + path);
  }
  // The metrics as soon as they have `line`; those of the last try where it never comes.
  static std::string metrics_with(const Agent& agent, const std::string& line) {
    const Instant give_up = system_clock().now() + std::chrono::minutes{1};
    std::string text;
    do {
      text = get(agent, "/metrics");
    } while (text.find(line) == std::string::npos && system_clock().now() < give_up);
    return text;
  }

  test::ScratchFolder folder;
  ServerLoop loop;
  std::unique_ptr<ScriptedServer> server;
};

constexpr auto kAlphaPassed = "smtp_check_success{target=\"alpha\",check=\"greeting\"} 1";
// Of "correct horse".
const std::string kHash = "$2y$04$O2nbIvFsPPTFLK3Gs3hhTOs1Je6aJ.gyQ5Ele4TjjVA/fEu8LqNAa";
constexpr auto kReloadGood = "smtp_reply_exporter_config_last_reload_successful 1";
constexpr auto kReloadBad = "smtp_reply_exporter_config_last_reload_successful 0";

TEST_F(AgentTest, TellsWhetherItsStateFileCanBeUsed) {
  constexpr std::string_view kName = "\nsmtp_reply_exporter_state_file_usable";
  EXPECT_THAT(get(*start().value(), "/metrics"), HasSubstr(std::string(kName) + " 1\n"));
  write("[agent]\nstate_file = \"none/state.db\"\n");
  EXPECT_THAT(get(*start().value(), "/metrics"), HasSubstr(std::string(kName) + " 0\n"));
  write("");
  EXPECT_THAT(get(*start().value(), "/metrics"), Not(HasSubstr(kName)));
}

TEST_F(AgentTest, ChecksAndShowsWhatCameOfIt) {
  const auto agent = start();
  ASSERT_TRUE(agent) << agent.error().message;
  const auto metrics = metrics_with(**agent, kAlphaPassed);
  EXPECT_THAT(metrics, HasSubstr(kAlphaPassed));
  EXPECT_THAT(metrics, HasSubstr(kReloadGood));
  EXPECT_THAT(get(**agent, "/-/ready"), HasSubstr("200"));
  EXPECT_THAT(get(**agent, "/checks/alpha/greeting"), HasSubstr("greeting"));
}

TEST_F(AgentTest, AsksNobodyWhereItsAddressIsTaken) {
  const auto taken = "127.0.0.1:" + std::to_string(server->port());
  testing::internal::CaptureStderr();
  const auto agent = start(taken);
  const auto log = testing::internal::GetCapturedStderr();
  ASSERT_FALSE(agent);
  EXPECT_THAT(agent.error().message, HasSubstr(taken));
  EXPECT_THAT(log,
              testing::AllOf(HasSubstr("level=error msg=\"the daemon cannot start\""),
                             HasSubstr("Address already in use"), Not(HasSubstr("msg=\"checks"))));
  EXPECT_EQ(server->record().connections, 0U);
}

TEST_F(AgentTest, LeavesItsAddressWhenItStops) {
  const auto first = start();
  ASSERT_TRUE(first) << first.error().message;
  (*first)->stop();
  const auto second = start((*first)->addresses().front());
  EXPECT_TRUE(second) << second.error().message;
}

TEST_F(AgentTest, DoesNotStartWithABadConfiguration) {
  write("[agent]\nintervall = \"1m\"\n");
  const auto agent = start();
  ASSERT_FALSE(agent);
  EXPECT_THAT(agent.error().message, HasSubstr("config.toml:2:1: "));
}

TEST_F(AgentTest, DoesNotStartWithABadWebConfiguration) {
  const auto agent = start_with(guarded("basic_auth_users: {alice: hunter2}\n"));
  ASSERT_FALSE(agent);
  EXPECT_THAT(agent.error().message, HasSubstr("web.yml:1:27: the password of \"alice\""));
}

TEST_F(AgentTest, AsksForALoginAndFollowsChangesOfIt) {
  const auto agent = start_with(guarded("basic_auth_users: {alice: " + kHash + "}\n"));
  ASSERT_TRUE(agent) << agent.error().message;
  EXPECT_THAT(get(**agent, "/metrics"), HasSubstr("401 Unauthorized"));
  guarded("basic_auth_users: {alice: " + kHash + "}\nauth_excluded_paths: [/metrics]\n");
  EXPECT_TRUE(reload(**agent));
  EXPECT_THAT(get(**agent, "/metrics"), HasSubstr(kReloadGood));
}

TEST_F(AgentTest, ReloadsNothingWhereTheWebConfigurationIsBad) {
  const auto agent = start_with(guarded(""));
  ASSERT_TRUE(agent) << agent.error().message;
  metrics_with(**agent, kAlphaPassed);
  configure("beta");
  guarded("basic_auth_users: {alice: hunter2}\n");
  const auto reloaded = reload(**agent);
  ASSERT_FALSE(reloaded);
  EXPECT_THAT(reloaded.error().message, HasSubstr("web.yml:1:27: "));
  const auto metrics = get(**agent, "/metrics");
  EXPECT_THAT(metrics, HasSubstr(kReloadBad));
  EXPECT_THAT(metrics, HasSubstr(kAlphaPassed));
  EXPECT_THAT(metrics, Not(HasSubstr("beta")));
}

TEST_F(AgentTest, KeepsAllItHasOverABadReload) {
  const auto agent = start();
  ASSERT_TRUE(agent) << agent.error().message;
  metrics_with(**agent, kAlphaPassed);
  write("[[target]]\nname = \"beta\"\nhost = \"127.0.0.1\"\nbogus = 1\nchecks = [\"greeting\"]\n");
  const auto reloaded = reload(**agent);
  ASSERT_FALSE(reloaded);
  EXPECT_THAT(reloaded.error().message, HasSubstr("bogus"));
  const auto metrics = get(**agent, "/metrics");
  EXPECT_THAT(metrics, HasSubstr(kReloadBad));
  EXPECT_THAT(metrics, HasSubstr(kAlphaPassed));
  EXPECT_THAT(metrics, Not(HasSubstr("beta")));
  EXPECT_THAT(get(**agent, "/config"), Not(HasSubstr("beta")));
}

TEST_F(AgentTest, FollowsAGoodReloadWhole) {
  const auto agent = start();
  ASSERT_TRUE(agent) << agent.error().message;
  metrics_with(**agent, kAlphaPassed);
  configure("beta");
  ASSERT_TRUE(reload(**agent));
  const auto metrics =
      metrics_with(**agent, "smtp_check_success{target=\"beta\",check=\"greeting\"} 1");
  EXPECT_THAT(metrics, HasSubstr("smtp_check_success{target=\"beta\",check=\"greeting\"} 1"));
  EXPECT_THAT(metrics, Not(HasSubstr("alpha"))) << "a check that is gone takes its series along";
  EXPECT_THAT(get(**agent, "/config"), HasSubstr("beta"));
}

TEST_F(AgentTest, ReloadsWhenAskedOverHttp) {
  const auto agent = start();
  ASSERT_TRUE(agent) << agent.error().message;
  configure("beta");
  EXPECT_THAT(ask(**agent, "POST /-/reload"), HasSubstr("HTTP/1.1 200"));
  EXPECT_THAT(get(**agent, "/config"), HasSubstr("beta"));
}

TEST_F(AgentTest, ShowsTheKnowledgeThatIsInForce) {
  const auto agent = start();
  ASSERT_TRUE(agent) << agent.error().message;
  EXPECT_THAT(get(**agent, "/codes/535?lang=xa"), HasSubstr("<html lang=\"en\">"));
  folder.write("knowledge/xa/codes.tsv", "535\tDeined\tNo.\tAt AUTH.\tAsk.\t-\n");
  write("[agent]\nknowledge_dir = \"knowledge\"\n");
  ASSERT_TRUE(reload(**agent));
  const auto page = get(**agent, "/codes/535?lang=xa");
  EXPECT_THAT(page, HasSubstr("<html lang=\"xa\">"));
  EXPECT_THAT(page, HasSubstr("Deined"));
}

TEST_F(AgentTest, GoesOnWhereItsConfigurationVanishes) {
  const auto agent = start();
  ASSERT_TRUE(agent) << agent.error().message;
  std::filesystem::remove(config());
  const auto reloaded = reload(**agent);
  ASSERT_FALSE(reloaded);
  EXPECT_THAT(reloaded.error().message, HasSubstr("config.toml"));
  EXPECT_THAT(metrics_with(**agent, kAlphaPassed), HasSubstr(kAlphaPassed));
  EXPECT_THAT(get(**agent, "/metrics"), HasSubstr(kReloadBad));
}

TEST_F(AgentTest, ComesBackFromABadReload) {
  const auto agent = start();
  ASSERT_TRUE(agent) << agent.error().message;
  write("nonsense");
  ASSERT_FALSE(reload(**agent));
  configure("beta");
  ASSERT_TRUE(reload(**agent));
  EXPECT_THAT(get(**agent, "/metrics"), HasSubstr(kReloadGood));
}

TEST_F(AgentTest, RemembersAcrossARestart) {
  {
    const auto agent = start();
    ASSERT_TRUE(agent) << agent.error().message;
    metrics_with(**agent, kAlphaPassed);
  }
  server.reset();
  const auto agent = start();
  ASSERT_TRUE(agent) << agent.error().message;
  const std::string regression = "smtp_check_regression{target=\"alpha\",check=\"greeting\"} 1";
  EXPECT_THAT(metrics_with(**agent, regression), HasSubstr(regression));
}

TEST_F(AgentTest, AnswersTheWatchdogOnTheThreadThatIsAsked) {
  const auto agent = start();
  ASSERT_TRUE(agent) << agent.error().message;
  std::vector<std::string> names;
  std::set<std::thread::id> answered = {std::this_thread::get_id()};
  for (const auto& thread : (*agent)->threads()) {
    std::promise<std::thread::id> answer;
    thread.ask([&] { answer.set_value(std::this_thread::get_id()); });
    answered.insert(answer.get_future().get());
    names.push_back(thread.name);
  }
  EXPECT_THAT(names, testing::ElementsAre("probe", "web"));
  EXPECT_EQ(answered.size(), 3U) << "none speaks for another, and nobody for all";
}

TEST_F(AgentTest, ReloadsNothingOnceItIsStopped) {
  const auto agent = start();
  ASSERT_TRUE(agent) << agent.error().message;
  (*agent)->stop();
  (*agent)->stop();
  EXPECT_FALSE(reload(**agent));
}

// A configuration that is read from a pipe comes when the test writes it, as from a disk that
// hangs.
TEST_F(AgentTest, ServesPagesWhileAConfigurationIsBeingRead) {
  const auto agent = start();
  ASSERT_TRUE(agent) << agent.error().message;
  std::filesystem::remove(config());
  ASSERT_EQ(::mkfifo(config().c_str(), 0600), 0);
  test::Client asking((*agent)->addresses().front());
  asking.send("POST /-/reload HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
  {
    std::ofstream pipe(config());  // opened when the reload reads it
    EXPECT_THAT(get(**agent, "/config"), HasSubstr("alpha"));
    EXPECT_THAT(metrics_with(**agent, kAlphaPassed), HasSubstr(kAlphaPassed));
    pipe << "[[target]]\nname = \"beta\"\nhost = \"127.0.0.1\"\nchecks = [\"greeting\"]\n";
  }
  EXPECT_THAT(asking.read_response(), HasSubstr("HTTP/1.1 200"));
  EXPECT_THAT(get(**agent, "/config"), HasSubstr("beta"));
}

TEST_F(AgentTest, FollowsItsWebConfigurationWithoutAReload) {
  const auto agent = start_with(guarded("basic_auth_users: {alice: " + kHash + "}\n"));
  ASSERT_TRUE(agent) << agent.error().message;
  guarded("basic_auth_users: {alice: " + kHash + "}\nauth_excluded_paths: [/metrics]\n");
  EXPECT_THAT(metrics_with(**agent, kReloadGood), HasSubstr(kReloadGood));
}

}  // namespace
}  // namespace sre
