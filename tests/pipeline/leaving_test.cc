// How runs leave their servers when they are told to, as at shut-down.
#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <optional>
#include <thread>

#include "agent/demo/script_parser.h"
#include "agent/demo/scripted_server.h"
#include "agent/pipeline/pipeline.h"

namespace sre {
namespace {

namespace asio = boost::asio;
using testing::ElementsAreArray;

// A delivery with a login in clear, which is told to leave when a step of `phase` has begun.
struct Leaving {
  std::string name;
  std::string script;
  std::string mechanism;
  Phase phase;
  std::vector<std::string> heard;  // the commands that the server got
};

std::ostream& operator<<(std::ostream& out, const Leaving& one) { return out << one.name; }

// A day ahead of the loop's timers: no deadline ever passes by itself.
class ClockAhead final : public Clock {
 public:
  Instant now() const noexcept override { return system_clock().now() + std::chrono::hours{24}; }
  WallTime wall() const noexcept override { return system_clock().wall(); }
};

class LeavingTest : public testing::TestWithParam<Leaving> {
 protected:
  LeavingTest() {
    server = ScriptedServer::start(
                 loop, parse_script("user probe password pear-tree\n" + GetParam().script).value(),
                 nullptr, {.port = 0, .record = true})
                 .value();
  }

  std::shared_ptr<const Check> delivery() const {
    Credentials credentials;
    credentials.name = credentials.username = "probe";
    credentials.secret = Secret("pear-tree");
    credentials.hosts = {"127.0.0.1"};
    credentials.mechanism = GetParam().mechanism;
    auto target = std::make_shared<Target>();
    target->name = "corp";
    target->host = "127.0.0.1";
    target->port = server->port();
    target->tls = TlsMode::none;
    target->credentials = std::make_shared<const Credentials>(credentials);
    target->allow_cleartext_login = true;
    auto check = std::make_shared<Check>();
    check->target = target;
    check->kind = Kind::delivery;
    check->name = "delivery";
    check->until = Phase::message;
    check->helo = "client.test";
    check->from = check->to = "probe@client.test";
    check->expect = default_expectations(check->kind, *target, check->until);
    return check;
  }

  // `tell` is called once, within the first step of the phase.
  RunPtr run(std::function<void()> tell) {
    const auto observer = [&](const Step& step, bool ended) {
      if (step.phase == GetParam().phase && !ended && tell) std::exchange(tell, nullptr)();
    };
    std::optional<RunPtr> result;
    asio::co_spawn(io, pipeline.run(delivery(), observer),
                   [&](const std::exception_ptr& error, RunPtr run) {
                     if (error) std::rethrow_exception(error);
                     result = std::move(run);
                   });
    while (!result && io.run_one() > 0) {
    }
    return result.value();
  }

  // What the server was told, once it has seen the client go.
  std::vector<std::string> heard() const {
    const auto give_up = system_clock().now() + std::chrono::minutes{1};
    while (server->record().open > 0 && system_clock().now() < give_up) std::this_thread::yield();
    constexpr std::array kCommands = {"EHLO", "AUTH", "MAIL", "RCPT", "DATA",
                                      ".",    "RSET", "QUIT", "*"};
    std::vector<std::string> commands;
    for (const auto& line : server->record().lines()) {
      const auto verb = line.substr(0, line.find(' '));
      if (std::ranges::find(kCommands, verb) != kCommands.end()) commands.push_back(verb);
    }
    return commands;
  }

  ServerLoop loop;
  std::unique_ptr<ScriptedServer> server;
  asio::io_context io{1};
  ClockAhead clock;
  Pipeline pipeline{io, clock, "", Knowledge::built_in()};
};

std::string name_of(const testing::TestParamInfo<Leaving>& info) { return info.param.name; }

using HurriedRunTest = LeavingTest;

TEST_P(HurriedRunTest, AsksNothingMoreAndSaysQuit) {
  const auto done = run([this] { pipeline.hurry_all(); });
  EXPECT_TRUE(done->cut_short);
  EXPECT_FALSE(done->transcript.fault.has_value());
  EXPECT_THAT(heard(), ElementsAreArray(GetParam().heard));
}

INSTANTIATE_TEST_SUITE_P(
    Leaving, HurriedRunTest,
    testing::Values(
        Leaving{"Banner", "", "PLAIN", Phase::banner, {"EHLO", "QUIT"}},
        Leaving{"Ehlo", "", "PLAIN", Phase::ehlo, {"EHLO", "QUIT"}},
        // A login once begun is finished: to break it off is a failed login to some servers.
        Leaving{"Auth", "", "LOGIN", Phase::auth, {"EHLO", "AUTH", "QUIT"}},
        Leaving{"Mail", "", "PLAIN", Phase::mail, {"EHLO", "AUTH", "MAIL", "RSET", "QUIT"}},
        Leaving{
            "Rcpt", "", "PLAIN", Phase::rcpt, {"EHLO", "AUTH", "MAIL", "RCPT", "RSET", "QUIT"}}),
    name_of);

using FinishingRunTest = LeavingTest;

TEST_P(FinishingRunTest, IsNotCutShortWhereNothingIsLeftToAsk) {
  const auto done = run([this] { pipeline.hurry_all(); });
  EXPECT_FALSE(done->cut_short);
  EXPECT_TRUE(done->verdict.passed);
  EXPECT_THAT(heard(), ElementsAreArray(GetParam().heard));
}

INSTANTIATE_TEST_SUITE_P(
    Leaving, FinishingRunTest,
    testing::Values(Leaving{"Data",
                            "",
                            "PLAIN",
                            Phase::data,
                            {"EHLO", "AUTH", "MAIL", "RCPT", "DATA", ".", "QUIT"}},
                    Leaving{"Message",
                            "",
                            "PLAIN",
                            Phase::message,
                            {"EHLO", "AUTH", "MAIL", "RCPT", "DATA", ".", "QUIT"}}),
    name_of);

using BrokenOffRunTest = LeavingTest;

TEST_P(BrokenOffRunTest, SaysQuitWhereSmtpAllowsIt) {
  // The step has begun, but is waited for in the next turn of the loop only.
  const auto done = run([this] { asio::post(io, [this] { pipeline.expire_all(); }); });
  EXPECT_TRUE(done->cut_short);
  EXPECT_EQ(done->transcript.fault->reason, Reason::read_timeout);
  EXPECT_EQ(done->transcript.fault->phase, GetParam().phase);
  EXPECT_THAT(heard(), ElementsAreArray(GetParam().heard));
}

INSTANTIATE_TEST_SUITE_P(
    Leaving, BrokenOffRunTest,
    testing::Values(
        Leaving{"WithinTheBannerNothing", "banner: 220-wait / hang\n", "PLAIN", Phase::banner, {}},
        Leaving{"Ehlo", "on EHLO: hang\n", "PLAIN", Phase::ehlo, {"EHLO", "QUIT"}},
        Leaving{"Auth", "on AUTH: hang\n", "PLAIN", Phase::auth, {"EHLO", "AUTH", "*", "QUIT"}},
        Leaving{"Mail", "on MAIL: hang\n", "PLAIN", Phase::mail, {"EHLO", "AUTH", "MAIL", "QUIT"}},
        Leaving{"Rcpt",
                "on RCPT: hang\n",
                "PLAIN",
                Phase::rcpt,
                {"EHLO", "AUTH", "MAIL", "RCPT", "QUIT"}},
        // "QUIT" would be the first line of the message, were the answer a late 354.
        Leaving{"DataNothing",
                "on DATA: hang\n",
                "PLAIN",
                Phase::data,
                {"EHLO", "AUTH", "MAIL", "RCPT", "DATA"}},
        Leaving{"Message",
                "on MESSAGE: hang\n",
                "PLAIN",
                Phase::message,
                {"EHLO", "AUTH", "MAIL", "RCPT", "DATA", ".", "QUIT"}}),
    name_of);

using GoodbyeTest = LeavingTest;

TEST_P(GoodbyeTest, IsBrokenOffTooWhenTheRunIs) {
  const auto done = run([this] { asio::post(io, [this] { pipeline.expire_all(); }); });
  EXPECT_TRUE(done->verdict.passed) << "all questions were answered";
  EXPECT_FALSE(done->cut_short);
  EXPECT_THAT(heard(), ElementsAreArray(GetParam().heard));
}

INSTANTIATE_TEST_SUITE_P(Leaving, GoodbyeTest,
                         testing::Values(Leaving{
                             "Quit",
                             "on QUIT: hang\n",
                             "PLAIN",
                             Phase::quit,
                             {"EHLO", "AUTH", "MAIL", "RCPT", "DATA", ".", "QUIT"}}),
                         name_of);

using RefusedRunTest = LeavingTest;

TEST_P(RefusedRunTest, StaysAFailureWhereItsGoodbyeIsBrokenOff) {
  const auto done = run([this] { asio::post(io, [this] { pipeline.expire_all(); }); });
  EXPECT_FALSE(done->verdict.passed);
  EXPECT_EQ(done->verdict.reply->code, 550);
  EXPECT_FALSE(done->cut_short) << "the server has said all that was to be heard";
  EXPECT_THAT(heard(), ElementsAreArray(GetParam().heard));
}

INSTANTIATE_TEST_SUITE_P(Leaving, RefusedRunTest,
                         testing::Values(Leaving{"Quit",
                                                 "on MAIL: 550 5.7.1 No\non QUIT: hang\n",
                                                 "PLAIN",
                                                 Phase::quit,
                                                 {"EHLO", "AUTH", "MAIL", "QUIT"}}),
                         name_of);

}  // namespace
}  // namespace sre
