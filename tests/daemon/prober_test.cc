#include "agent/daemon/prober.h"

#include <gmock/gmock.h>

#include <atomic>
#include <boost/asio/ip/udp.hpp>
#include <future>
#include <stdexcept>
#include <thread>

#include "agent/demo/script_parser.h"
#include "agent/demo/scripted_server.h"
#include "tests/daemon/finished_runs.h"

namespace sre {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

const std::shared_ptr<const Knowledge> kKnowledge = Knowledge::built_in();

class ProberTest : public testing::Test {
 protected:
  std::unique_ptr<ScriptedServer> serve(const std::string& script) {
    return ScriptedServer::start(loop, parse_script(script).value(), nullptr,
                                 {.port = 0, .record = true})
        .value();
  }

  // One that runs only when it is told to, for as long as it takes.
  static Check check_of(const ScriptedServer& server, const std::string& name) {
    auto target = std::make_shared<Target>();
    target->name = name;
    target->host = "127.0.0.1";
    target->port = server.port();
    target->tls = TlsMode::none;
    Check check;
    check.target = target;
    check.name = "greeting";
    check.helo = "client.test";
    check.interval = hours{24 * 365};
    check.timeout = hours{24};
    check.expect = default_expectations(check.kind, *target, check.until);
    return check;
  }
  // A login with a password that the server is asked about in clear.
  static Check login_at(const ScriptedServer& server, const std::string& name) {
    Check check = check_of(server, name);
    auto target = std::make_shared<Target>(*check.target);
    Credentials credentials;
    credentials.name = credentials.username = "probe";
    credentials.secret = Secret("pear-tree");
    credentials.hosts = {"127.0.0.1"};
    target->credentials = std::make_shared<const Credentials>(credentials);
    target->allow_cleartext_login = true;
    check.target = target;
    check.kind = Kind::login;
    check.name = "login";
    check.until = Phase::auth;
    check.expect = default_expectations(check.kind, *target, check.until);
    return check;
  }
  static ProberSettings settings(std::vector<Check> checks) {
    ProberSettings made;
    for (auto& check : checks) made.checks.push_back(std::make_shared<const Check>(check));
    made.knowledge = kKnowledge;
    return made;
  }

  ServerLoop loop;
  FinishedRuns runs;
};

TEST_F(ProberTest, RunsEachCheckAgainAndAgain) {
  const auto server = serve("banner: 220 hello\n");
  auto one = check_of(*server, "one");
  auto two = check_of(*server, "two");
  one.interval = two.interval = milliseconds{100};
  Prober prober(system_clock(), settings({one, two}), runs.events());
  runs.wait_for(3, "one/greeting");
  runs.wait_for(3, "two/greeting");
  prober.stop();
  EXPECT_GE(runs.all().size(), 6U);
  for (const auto& finished : runs.all()) EXPECT_TRUE(finished.run->verdict.passed);
}

TEST_F(ProberTest, RunsACheckAtOnceWhenItIsToldTo) {
  const auto server = serve("banner: 220 hello\n");
  Prober prober(system_clock(), settings({check_of(*server, "one")}), runs.events());
  prober.run_now("one/greeting");
  EXPECT_EQ(runs.wait_for(1, "one/greeting").size(), 1U);
}

TEST_F(ProberTest, RunsACheckThatIsOnNoSchedule) {
  const auto server = serve("banner: 220 hello\n");
  Prober prober(system_clock(), settings({}), runs.events());
  std::promise<RunPtr> ended;
  prober.probe(std::make_shared<const Check>(check_of(*server, "one")),
               [&](const RunPtr& run) { ended.set_value(run); });
  const auto run = ended.get_future().get();
  ASSERT_NE(run, nullptr);
  EXPECT_TRUE(run->verdict.passed);
  prober.stop();
  EXPECT_TRUE(runs.all().empty()) << "nobody but who asked for it is told";
}

TEST_F(ProberTest, TurnsAwayWhatIsTooMuchAtOnce) {
  const auto server = serve("banner: hang\n");
  const auto check = std::make_shared<const Check>(check_of(*server, "one"));
  auto few = settings({});
  few.max_in_flight = 2;
  Prober prober(system_clock(), few, runs.events());
  std::vector<std::promise<RunPtr>> ended(3);
  for (auto& one : ended) {
    prober.probe(check, [&one](const RunPtr& run) { one.set_value(run); });
  }
  EXPECT_EQ(ended[2].get_future().get(), nullptr);
  prober.stop();
  EXPECT_EQ(ended[0].get_future().get(), nullptr) << "cut short by the stop, which is no failure";
  EXPECT_EQ(ended[1].get_future().get(), nullptr);
}

TEST_F(ProberTest, SlowsDownWhileALoginIsRefused) {
  const auto server = serve("user probe password another\n");
  auto check = login_at(*server, "one");
  check.interval = milliseconds{100};
  Prober prober(system_clock(), settings({check}), runs.events());
  const auto seen = runs.wait_for(3, "one/login");
  ASSERT_GE(seen.size(), 3U);
  EXPECT_EQ(seen[0].run->verdict.reply->code, 535);
  EXPECT_EQ(seen[0].interval, milliseconds{200});
  EXPECT_EQ(seen[1].interval, milliseconds{400});
  EXPECT_EQ(seen[2].interval, milliseconds{800});
}

TEST_F(ProberTest, SlowsDownWhateverLogsInWithThoseCredentials) {
  const auto server = serve("user probe password another\n");
  auto check = login_at(*server, "one");
  check.kind = Kind::recipient;
  check.until = Phase::rcpt;
  check.to = "postmaster@client.test";
  check.interval = milliseconds{100};
  Prober prober(system_clock(), settings({check}), runs.events());
  const auto seen = runs.wait_for(1, check.id());
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].run->verdict.reply->code, 535);
  EXPECT_EQ(seen[0].interval, milliseconds{200});
}

TEST_F(ProberTest, FollowsNewSettings) {
  const auto server = serve("banner: 220 hello\n");
  Prober prober(system_clock(), settings({check_of(*server, "old")}), runs.events());
  prober.run_now("old/greeting");
  ASSERT_EQ(runs.wait_for(1, "old/greeting").size(), 1U);
  prober.replace(settings({check_of(*server, "new")}));
  prober.run_now("old/greeting");
  prober.run_now("new/greeting");
  const auto seen = runs.wait_for(1, "new/greeting");
  prober.stop();
  ASSERT_EQ(runs.all().size(), 2U) << "what is not configured any more does not run";
  EXPECT_EQ(seen[1].run->check->id(), "new/greeting");
}

TEST_F(ProberTest, LetsARunEndWhoseCheckIsGone) {
  const auto server = serve("banner: delay 100ms / 220 hello\n");
  Prober prober(system_clock(), settings({check_of(*server, "old")}), runs.events());
  prober.run_now("old/greeting");
  ASSERT_TRUE(runs.wait_for_in_flight(1));
  prober.replace(settings({}));
  const auto seen = runs.wait_for(1, "old/greeting");
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_TRUE(seen[0].run->verdict.passed);
}

TEST_F(ProberTest, EndsRunsThatHangWhenItStops) {
  const auto server = serve("banner: hang\n");
  const auto normal = serve("banner: 220 hello\n");
  auto settings_of_both = settings({check_of(*server, "hangs"), check_of(*normal, "normal")});
  Prober prober(system_clock(), settings_of_both, runs.events());
  prober.run_now("hangs/greeting");
  prober.run_now("normal/greeting");
  ASSERT_EQ(runs.wait_for(1, "normal/greeting").size(), 1U) << "the others do not wait";
  prober.stop();
  EXPECT_TRUE(runs.wait_for_in_flight(0));
  EXPECT_EQ(runs.all().size(), 1U) << "a run that is broken off says nothing of its server";
}

TEST_F(ProberTest, EndsQuestionsToAMuteDnsServerWhenItStops) {
  boost::asio::io_context io;
  boost::asio::ip::udp::socket mute(io, {boost::asio::ip::address_v4::loopback(), 0});
  const auto server = serve("banner: 220 hello\n");
  auto check = check_of(*server, "one");
  auto target = std::make_shared<Target>(*check.target);
  target->host = "mail.test";
  check.target = target;
  auto with_dns = settings({check});
  with_dns.dns_servers = "127.0.0.1:" + std::to_string(mute.local_endpoint().port());
  Prober prober(system_clock(), with_dns, runs.events());
  prober.run_now("one/greeting");
  ASSERT_TRUE(runs.wait_for_in_flight(1));
  prober.stop();
  EXPECT_TRUE(runs.wait_for_in_flight(0));
  EXPECT_TRUE(runs.all().empty());
}

TEST_F(ProberTest, IsNotStoppedByEventsThatThrow) {
  const auto server = serve("banner: 220 hello\n");
  auto check = check_of(*server, "one");
  check.interval = milliseconds{100};
  auto events = runs.events();
  const auto fail = [](auto&&...) { throw std::runtime_error("no memory left"); };
  events.started = fail;
  events.in_flight = fail;
  events.skipped = fail;
  events.finished = [this](const RunPtr& run, Duration interval) {
    runs.add({run, interval});
    throw std::runtime_error("no memory left");
  };
  Prober prober(system_clock(), settings({check}), events);
  EXPECT_GE(runs.wait_for(3, "one/greeting").size(), 3U);
}

TEST_F(ProberTest, IgnoresWhatComesAfterTheStop) {
  const auto server = serve("banner: 220 hello\n");
  Prober prober(system_clock(), settings({check_of(*server, "one")}), runs.events());
  prober.stop();
  const auto before = runs.all().size();
  prober.run_now("one/greeting");
  prober.replace(settings({check_of(*server, "two")}));
  prober.stop();
  EXPECT_EQ(runs.all().size(), before);
}

TEST_F(ProberTest, RefusesAtOnceWhatIsAskedAfterTheStop) {
  const auto server = serve("banner: 220 hello\n");
  const auto check = std::make_shared<const Check>(check_of(*server, "one"));
  Prober prober(system_clock(), settings({}), runs.events());
  prober.stop();
  int answers = 0;
  prober.probe(check, [&](const RunPtr& run) {
    EXPECT_EQ(run, nullptr);
    ++answers;
  });
  EXPECT_EQ(answers, 1) << "whoever asked would wait for ever";
}

// The last turn of the loop may be over when a question comes, and the stop may not be.
TEST_F(ProberTest, LeavesNobodyWithoutAnAnswerWhoAsksWhileItStops) {
  const auto server = serve("banner: 220 hello\n");
  const auto check = std::make_shared<const Check>(check_of(*server, "one"));
  std::atomic<int> answers = 0;
  int asked = 0;
  for (int round = 0; round < 20; ++round) {
    Prober prober(system_clock(), settings({}), runs.events());
    std::thread stopping([&] { prober.stop(); });
    for (int i = 0; i < 100; ++i, ++asked) {
      prober.probe(check, [&](const RunPtr&) { ++answers; });
    }
    stopping.join();
  }
  EXPECT_EQ(answers, asked);
}

}  // namespace
}  // namespace sre
