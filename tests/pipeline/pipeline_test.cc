#include "agent/pipeline/pipeline.h"

#include <gmock/gmock.h>
#include <sys/resource.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <cstdlib>
#include <optional>
#include <stdexcept>

#include "agent/demo/script_parser.h"
#include "agent/demo/scripted_server.h"
#include "tests/base/files.h"
#include "tests/resolve/fake_dns.h"

namespace sre {
namespace {

namespace asio = boost::asio;
using testing::ElementsAre;
using testing::HasSubstr;

// A pipeline, a DNS server and the hosts file on one loop; scripted servers on another thread.
class PipelineTest : public testing::Test {
 protected:
  PipelineTest() {
    const auto hosts = folder.write("hosts", "127.0.0.2 both.test\n127.0.0.1 both.test\n");
    ::setenv("CARES_HOSTS", hosts.c_str(), 1);
    ::setenv("LOCALDOMAIN", "", 1);
    target.name = "corp";
    target.host = "127.0.0.1";
    check.name = "greeting";
    check.helo = "client.test";
    check.timeout = std::chrono::minutes{1};
    serve("banner: 220 mx.test ESMTP ready\n");
  }

  void serve(const std::string& script) {
    server = ScriptedServer::start(loop, parse_script(script).value(), nullptr,
                                   {.port = 0, .record = true})
                 .value();
    target.port = server->port();
  }

  // The check as it stands, run until it has ended.
  RunPtr run(Recorder::Observer observer = {}) {
    check.target = std::make_shared<const Target>(target);
    check.expect = default_expectations(check.kind, target, check.until);
    std::optional<RunPtr> result;
    asio::co_spawn(io, pipeline.run(std::make_shared<const Check>(check), std::move(observer)),
                   [&](std::exception_ptr error, RunPtr run) {
                     if (error) std::rethrow_exception(error);
                     result = std::move(run);
                   });
    io.restart();
    while (!result && io.run_one() > 0) {
    }
    return result.value();
  }

  // Makes the pipeline end all runs as soon as a step of `phase` has begun and is waited for.
  Recorder::Observer stop_in(Phase phase) {
    return [this, phase](const Step& step, bool ended) {
      if (step.phase == phase && !ended) asio::post(io, [this] { pipeline.expire_all(); });
    };
  }

  // What was asked in the phase.
  static std::vector<std::string> steps(const sre::Run& run, Phase phase) {
    std::vector<std::string> all;
    for (const auto& step : run.transcript.steps) {
      if (step.phase == phase) all.push_back(step.command);
    }
    return all;
  }
  static std::vector<std::string> connects(const sre::Run& run) {
    return steps(run, Phase::connect);
  }

  test::ScratchFolder folder;
  ServerLoop loop;
  std::unique_ptr<ScriptedServer> server;
  asio::io_context io{1};
  FakeDns dns{io};
  Pipeline pipeline{io, system_clock(), dns.servers(), Knowledge::built_in()};
  Target target;
  Check check;
};

TEST_F(PipelineTest, TakesACheckToItsVerdict) {
  const auto done = run();
  EXPECT_TRUE(done->verdict.passed);
  EXPECT_EQ(done->verdict.phase, Phase::ehlo);
  EXPECT_EQ(done->check->id(), "corp/greeting");
  EXPECT_EQ(done->transcript.address, "127.0.0.1");
  EXPECT_THAT(server->record().lines(), ElementsAre("EHLO client.test", "QUIT"));
}

TEST_F(PipelineTest, AsksTheNextAddressWhereTheFirstRefuses) {
  target.host = "both.test";
  const auto done = run();
  EXPECT_TRUE(done->verdict.passed);
  EXPECT_EQ(done->transcript.address, "127.0.0.1");
  EXPECT_EQ(connects(*done).size(), 2U) << "the refused connection is part of the story";
}

TEST_F(PipelineTest, AsksOnlyTheFirstAddressThatConnects) {
  folder.write("hosts", "127.0.0.1 both.test\n127.0.0.2 both.test\n");
  serve("banner: 554 no service\n");
  target.host = "both.test";
  const auto done = run();
  EXPECT_FALSE(done->verdict.passed);
  EXPECT_EQ(done->verdict.phase, Phase::banner);
  EXPECT_EQ(connects(*done).size(), 1U);
}

TEST_F(PipelineTest, FailsWithEachAddressWhereOneFails) {
  folder.write("hosts", "127.0.0.1 both.test\n127.0.0.2 both.test\n");
  target.host = "both.test";
  target.address = AddressChoice::each;
  const auto done = run();
  EXPECT_FALSE(done->verdict.passed);
  EXPECT_EQ(done->verdict.phase, Phase::connect);
  EXPECT_EQ(done->verdict.reason, Reason::connection_refused);
  EXPECT_EQ(done->transcript.address, "127.0.0.2");
  EXPECT_EQ(server->record().connections, 1U) << "the good address was asked too";
}

TEST_F(PipelineTest, PassesWithEachAddressWhereAllPass) {
  target.address = AddressChoice::each;
  EXPECT_TRUE(run()->verdict.passed);
}

TEST_F(PipelineTest, EndsAHangAtTheTimeout) {
  serve("banner: hang\n");
  check.timeout = std::chrono::milliseconds{150};
  const auto done = run();
  EXPECT_EQ(done->verdict.phase, Phase::banner);
  EXPECT_EQ(done->verdict.reason, Reason::read_timeout);
  EXPECT_GE(done->transcript.duration, check.timeout);
}

// Its socket's number is free then, and goes to the next connection.
TEST_F(PipelineTest, IsNotHeldUpByAConnectionThatNeverStood) {
  const auto good = target.port;
  asio::ip::tcp::acceptor full(io, {asio::ip::address_v4::loopback(), 0}, true);
  full.listen(0);
  std::vector<asio::ip::tcp::socket> queue;
  for (int i = 0; i < 3; ++i) {
    queue.emplace_back(io).async_connect(full.local_endpoint(), [](auto /*error*/) {});
  }
  target.port = full.local_endpoint().port();
  check.timeout = std::chrono::milliseconds{150};
  EXPECT_EQ(run()->verdict.reason, Reason::connect_timeout);
  target.port = good;
  check.timeout = std::chrono::seconds{10};
  EXPECT_TRUE(run()->verdict.passed);
}

TEST_F(PipelineTest, EndsAHangWhenItIsToldTo) {
  serve("on EHLO: hang\n");
  check.timeout = std::chrono::hours{24};
  const auto done = run(stop_in(Phase::ehlo));
  EXPECT_FALSE(done->verdict.passed);
  EXPECT_EQ(done->verdict.phase, Phase::ehlo);
  EXPECT_EQ(done->verdict.reason, Reason::read_timeout);
}

TEST_F(PipelineTest, EndsAQuestionToAMuteDnsServerWhenItIsToldTo) {
  dns.set_both("mute.test", {.mute = true});
  target.host = "mute.test";
  check.timeout = std::chrono::hours{24};
  const auto done = run(stop_in(Phase::resolve));
  EXPECT_EQ(done->verdict.phase, Phase::resolve);
  EXPECT_EQ(done->verdict.reason, Reason::dns_failure);
}

TEST_F(PipelineTest, EndsAQuestionToAMuteDnsServerAtTheTimeout) {
  dns.set("mute.test", DnsType::mx, {.mute = true});
  target.host = "";
  target.mx = "mute.test";
  check.timeout = std::chrono::milliseconds{150};
  EXPECT_EQ(run()->verdict.reason, Reason::dns_failure);
}

TEST_F(PipelineTest, SaysThatANameDoesNotExist) {
  target.host = "nowhere.test";
  const auto done = run();
  EXPECT_EQ(done->verdict.phase, Phase::resolve);
  EXPECT_EQ(done->verdict.reason, Reason::dns_not_found);
  EXPECT_THAT(done->verdict.detail, HasSubstr("nowhere.test"));
}

TEST_F(PipelineTest, AsksTheMailExchangersOfADomain) {
  dns.set("corp.test", DnsType::mx,
          {.records = {mx_record(20, "later.corp.test"), mx_record(10, "first.corp.test")}});
  dns.set_addresses("first.corp.test", {"127.0.0.2"});
  dns.set_addresses("later.corp.test", {"127.0.0.1"});
  target.host = "";
  target.mx = "corp.test";
  const auto done = run();
  EXPECT_TRUE(done->verdict.passed) << done->verdict.detail;
  EXPECT_EQ(connects(*done).size(), 2U) << "127.0.0.2 first, which refuses";
}

// The mail exchangers of corp.test: first, then later.
class PipelineMxTest : public PipelineTest {
 protected:
  PipelineMxTest() {
    dns.set("corp.test", DnsType::mx,
            {.records = {mx_record(10, "first.corp.test"), mx_record(20, "later.corp.test")}});
    dns.set_addresses("first.corp.test", {"127.0.0.1"});
    dns.set_addresses("later.corp.test", {"127.0.0.1"});
    target.host = "";
    target.mx = "corp.test";
  }
};

TEST_F(PipelineMxTest, LooksUpAnExchangerOnlyWhenItIsItsTurn) {
  const auto done = run();
  EXPECT_TRUE(done->verdict.passed) << done->verdict.detail;
  EXPECT_EQ(dns.asked("later.corp.test", DnsType::a), 0);
  EXPECT_THAT(steps(*done, Phase::resolve), ElementsAre("corp.test", "first.corp.test"));
}

TEST_F(PipelineMxTest, AsksTheNextExchangerWhereALookupHangs) {
  dns.set_both("first.corp.test", {.mute = true});
  check.timeout = std::chrono::seconds{3};
  const auto done = run();
  EXPECT_TRUE(done->verdict.passed) << done->verdict.detail;
  EXPECT_EQ(server->record().connections, 1U);
}

TEST_F(PipelineMxTest, TellsOfTheConnectionWhereTheNextExchangerHasNoAddress) {
  dns.set_addresses("first.corp.test", {"127.0.0.2"});
  dns.set_both("later.corp.test", {.code = DnsCode::nxdomain});
  const auto done = run();
  EXPECT_EQ(done->verdict.phase, Phase::connect);
  EXPECT_EQ(done->verdict.reason, Reason::connection_refused);
}

TEST_F(PipelineMxTest, TellsOfTheConnectionWhereTheExchangerBeforeHasNoAddress) {
  dns.set_both("first.corp.test", {.code = DnsCode::nxdomain});
  dns.set_addresses("later.corp.test", {"127.0.0.2"});
  EXPECT_EQ(run()->verdict.reason, Reason::connection_refused);
}

TEST_F(PipelineMxTest, SaysWhyNoExchangerHasAnAddress) {
  dns.set_both("first.corp.test", {.code = DnsCode::nxdomain});
  dns.set_both("later.corp.test", {.code = DnsCode::nxdomain});
  const auto done = run();
  EXPECT_EQ(done->verdict.phase, Phase::resolve);
  EXPECT_EQ(done->verdict.reason, Reason::dns_not_found);
  EXPECT_THAT(done->verdict.detail, HasSubstr("first.corp.test"));
}

TEST_F(PipelineMxTest, FailsWithEachAddressWhereAnExchangerHasNone) {
  dns.set_both("later.corp.test", {.code = DnsCode::nxdomain});
  target.address = AddressChoice::each;
  const auto done = run();
  EXPECT_FALSE(done->verdict.passed);
  EXPECT_EQ(done->verdict.reason, Reason::dns_not_found);
  EXPECT_THAT(done->verdict.detail, HasSubstr("later.corp.test"));
  EXPECT_EQ(server->record().connections, 1U) << "the good one was asked";
}

TEST_F(PipelineMxTest, PassesWithEachAddressOfAllExchangers) {
  target.address = AddressChoice::each;
  EXPECT_TRUE(run()->verdict.passed);
  EXPECT_EQ(server->record().connections, 2U);
}

TEST_F(PipelineTest, FailsWithEachAddressWhereOneWasNotAskedInTime) {
  folder.write("hosts", "127.0.0.1 both.test\n127.0.0.2 both.test\n");
  serve("on QUIT: hang\n");
  target.host = "both.test";
  target.address = AddressChoice::each;
  check.timeout = std::chrono::seconds{1};  // less than a goodbye is waited for
  const auto done = run();
  EXPECT_FALSE(done->verdict.passed);
  EXPECT_EQ(done->verdict.phase, Phase::connect);
  EXPECT_EQ(done->verdict.reason, Reason::connect_timeout);
  EXPECT_EQ(done->transcript.address, "127.0.0.2");
  EXPECT_FALSE(done->cut_short);
}

TEST_F(PipelineTest, SaysNothingOfAnAddressThatAStopKeptItFromAsking) {
  folder.write("hosts", "127.0.0.1 both.test\n127.0.0.2 both.test\n");
  serve("on QUIT: hang\n");
  target.host = "both.test";
  target.address = AddressChoice::each;
  const auto done = run(stop_in(Phase::quit));
  EXPECT_TRUE(done->verdict.passed);
  EXPECT_TRUE(done->cut_short);
}

TEST_F(PipelineTest, MakesAVerdictOfAFaultOfTheProgram) {
  const auto done = run([](const Step&, bool) { throw std::runtime_error("out of paper"); });
  EXPECT_FALSE(done->verdict.passed);
  EXPECT_EQ(done->verdict.reason, Reason::internal_error);
  EXPECT_EQ(done->verdict.detail, "out of paper");
}

// While it lives, the process opens no more files.
class NoMoreFiles {
 public:
  NoMoreFiles() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    rlimit none = before_;
    none.rlim_cur = 3;
    ::setrlimit(RLIMIT_NOFILE, &none);
  }
  ~NoMoreFiles() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  NoMoreFiles(const NoMoreFiles&) = delete;
  NoMoreFiles& operator=(const NoMoreFiles&) = delete;

 private:
  rlimit before_{};
};

TEST_F(PipelineTest, BlamesNoServerWhereItHasNoFilesLeft) {
  ASSERT_TRUE(run()->verdict.passed);
  for (const auto& host : {"127.0.0.1", "mail.test"}) {
    SCOPED_TRACE(host);
    dns.set_addresses("mail.test", {"127.0.0.1"});
    target.host = host;
    {
      const NoMoreFiles without;
      const auto done = run();
      EXPECT_EQ(done->verdict.reason, Reason::internal_error);
      EXPECT_THAT(done->verdict.detail, HasSubstr("too many open files"));
      EXPECT_THAT(done->verdict.detail, HasSubstr("LimitNOFILE"));
    }
    EXPECT_TRUE(run()->verdict.passed) << "when there are some again";
  }
}

TEST_F(PipelineTest, UsesNewDnsServersFromTheNextRunOn) {
  FakeDns other(io);
  other.set_addresses("moved.test", {"127.0.0.1"});
  target.host = "moved.test";
  EXPECT_FALSE(run()->verdict.passed);
  pipeline.use(other.servers(), Knowledge::built_in());
  EXPECT_TRUE(run()->verdict.passed);
}

}  // namespace
}  // namespace sre
