// A whole run of a check in which one request for memory fails, for each request in turn.
#include <gmock/gmock.h>

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <thread>

#include "agent/daemon/prober.h"
#include "agent/demo/script_parser.h"
#include "agent/demo/scripted_server.h"
#include "tests/base/files.h"
#include "tests/daemon/finished_runs.h"
#include "tests/memory/failing_memory.h"
#include "tests/resolve/fake_dns.h"

namespace sre {
namespace {

namespace asio = boost::asio;

const std::shared_ptr<const Knowledge> kKnowledge = Knowledge::built_in();

// Where one library asks more often than this in a run, as OpenSSL does, so many of its requests
// fail, in even steps.
constexpr std::size_t kMostFailures = 1000;

struct Lack {
  std::string name;
  Asks asks;
  Kind kind;
  TlsMode tls;
  std::string script;           // what the server does beside
  Reason outcome = Reason::ok;  // of a run that lacks nothing
};

std::ostream& operator<<(std::ostream& out, const Lack& lack) { return out << lack.name; }

class MemoryTest : public testing::TestWithParam<Lack> {
 protected:
  MemoryTest()
      : certificates(Certificates::make(system_clock().wall()).value()),
        ca_file(folder.write("ca.pem", certificates->ca_pem())),
        dns_work(asio::make_work_guard(dns_io)),
        dns(dns_io) {
    ::setenv("LOCALDOMAIN", "", 1);
    dns.set_addresses("localhost.test", {"127.0.0.1"});
    dns_thread = std::thread([this] { dns_io.run(); });
    server = ScriptedServer::start(loop, parse_script(script()).value(), certificates, {}).value();
  }
  ~MemoryTest() override {
    dns_io.stop();
    dns_thread.join();
  }

  static std::string script() {
    const std::string user = "user probe password pear-tree\n" + GetParam().script;
    if (GetParam().tls == TlsMode::none) return user;
    return user + (GetParam().tls == TlsMode::implicit ? "tls implicit\n" : "tls\n");
  }

  Check check() const {
    Credentials credentials;
    credentials.name = credentials.username = "probe";
    credentials.secret = Secret("pear-tree");
    credentials.hosts = {"localhost.test"};
    auto target = std::make_shared<Target>();
    target->name = "a target whose name is too long for a small string";
    target->host = "localhost.test";
    target->server_name = "localhost";
    target->port = server->port();
    target->tls = GetParam().tls;
    target->ca_file = ca_file;
    target->credentials = std::make_shared<const Credentials>(credentials);
    target->allow_cleartext_login = true;
    Check one;
    one.target = target;
    one.kind = GetParam().kind;
    one.name = "check";
    one.until = traits(one.kind).until;
    one.helo = "client.test";
    one.from = one.to = "probe@client.test";
    one.interval = std::chrono::hours{24 * 365};
    one.timeout = std::chrono::minutes{5};
    one.expect = default_expectations(one.kind, *target, one.until);
    return one;
  }

  // One run in which the nth request fails, and how many there were.
  RunPtr run(Prober& prober, const std::string& id, std::size_t nth) {
    failing = nth;
    prober.run_now(id);
    const auto all = runs.wait_for(++wanted, id);
    return all.size() < wanted ? nullptr : all.back().run;
  }

  ProberEvents events() {
    auto events = runs.events();
    events.started = [this](Duration) { fail_request(GetParam().asks, failing); };
    events.finished = [this](const RunPtr& run, Duration interval) {
      made = requests_made();
      no_more_failures();
      runs.add({run, interval});
    };
    return events;
  }

  std::shared_ptr<const Certificates> certificates;
  const test::ScratchFolder folder;
  const std::string ca_file;
  asio::io_context dns_io{1};
  asio::executor_work_guard<asio::io_context::executor_type> dns_work;
  FakeDns dns;
  std::thread dns_thread;
  ServerLoop loop;
  std::unique_ptr<ScriptedServer> server;
  FinishedRuns runs;
  std::size_t wanted = 0;
  std::atomic<std::size_t> failing = 0;
  std::atomic<std::size_t> made = 0;
};

TEST_P(MemoryTest, ALackOfItEndsOneRunAtMostAndIsBlamedOnNoServer) {
  const auto one = std::make_shared<const Check>(check());
  Prober prober(system_clock(),
                {.checks = {one},
                 .max_in_flight = 256,
                 .dns_servers = dns.servers(),
                 .knowledge = kKnowledge},
                events());
  auto first = runs.wait_for(++wanted, one->id());  // the schedule's own
  ASSERT_EQ(first.size(), 1U);
  ASSERT_EQ(first[0].run->verdict.reason, GetParam().outcome) << first[0].run->verdict.detail;
  ASSERT_NE(run(prober, one->id(), 0), nullptr);
  const std::size_t total = made;
  ASSERT_GT(total, 0U) << "nothing asked for memory, so nothing is tested";

  const std::size_t step = 1 + total / kMostFailures;
  std::map<std::string, std::size_t> outcomes;
  for (std::size_t nth = 1; nth <= total; nth += step) {
    SCOPED_TRACE("request " + std::to_string(nth) + " of " + std::to_string(total));
    const auto without = run(prober, one->id(), nth);
    ASSERT_NE(without, nullptr) << "nobody was told how the run ended";
    const auto& verdict = without->verdict;
    ++outcomes[std::string(to_string(verdict.reason))];
    EXPECT_TRUE(verdict.reason == GetParam().outcome || verdict.reason == Reason::internal_error)
        << to_string(verdict.phase) << " " << to_string(verdict.reason) << ": " << verdict.detail;
    const auto next = run(prober, one->id(), 0);
    ASSERT_NE(next, nullptr);
    ASSERT_EQ(next->verdict.reason, GetParam().outcome) << next->verdict.detail;
  }
  prober.stop();
  EXPECT_GT(outcomes["internal_error"], 0U);
  for (const auto& [reason, count] : outcomes) RecordProperty(reason, std::to_string(count));
}

using NoMemoryTest = MemoryTest;

// From the nth request on there is no memory at all, until the run is over. It may then be one that
// nobody is told of.
TEST_P(NoMemoryTest, NoneAtAllEndsARunAndLeavesTheScheduleInOrder) {
  const auto one = std::make_shared<const Check>(check());
  auto events = this->events();
  std::atomic<std::size_t> ended = 0;
  bool running = false;  // on the probe thread
  events.started = [&](Duration) {
    fail_request(GetParam().asks, failing, true);
    running = true;
  };
  events.in_flight = [&](std::size_t count) {
    if (count > 0 || !std::exchange(running, false)) return;
    no_more_failures();
    ++ended;
  };
  std::size_t begun = 0;
  const auto wait_for_all = [&] {
    const auto give_up = system_clock().now() + std::chrono::minutes{1};
    while (ended < begun && system_clock().now() < give_up) std::this_thread::yield();
    ASSERT_GE(ended, begun) << "a run did not end";
  };
  Prober prober(system_clock(),
                {.checks = {one},
                 .max_in_flight = 256,
                 .dns_servers = dns.servers(),
                 .knowledge = kKnowledge},
                events);
  ASSERT_EQ(runs.wait_for(++wanted, one->id()).size(), 1U);
  const auto run_well = [&] {
    wait_for_all();
    wanted = runs.all().size();
    ++begun;
    const auto done = run(prober, one->id(), 0);
    ASSERT_NE(done, nullptr);
    ASSERT_EQ(done->verdict.reason, GetParam().outcome) << done->verdict.detail;
    wait_for_all();
  };
  ++begun;  // the schedule's own
  run_well();
  const std::size_t total = made;
  const std::size_t step = 1 + total / (kMostFailures / 4);
  for (std::size_t nth = 1; nth <= total && !HasFatalFailure(); nth += step) {
    SCOPED_TRACE("request " + std::to_string(nth) + " of " + std::to_string(total));
    failing = nth;
    ++begun;
    prober.run_now(one->id());
    run_well();
  }
}

std::vector<Lack> lacks() {
  return {Lack{"ProgramInALogin", Asks::program, Kind::login, TlsMode::starttls, {}},
          Lack{"ProgramInADelivery", Asks::program, Kind::delivery, TlsMode::none, {}},
          Lack{"ProgramInImplicitTls", Asks::program, Kind::tls, TlsMode::implicit, {}},
          Lack{"ProgramInARefusal", Asks::program, Kind::greeting, TlsMode::none,
               "banner: 554 5.7.1 blocked using zen.spamhaus.org [554 5.7.1 no]\n",
               Reason::ip_blocklisted},
          Lack{"Libcurl", Asks::libcurl, Kind::login, TlsMode::starttls, {}},
          Lack{"Openssl", Asks::openssl, Kind::login, TlsMode::starttls, {}}};
}
const auto kNameOf = [](const auto& named) { return named.param.name; };

INSTANTIATE_TEST_SUITE_P(Lack, MemoryTest, testing::ValuesIn(lacks()), kNameOf);
INSTANTIATE_TEST_SUITE_P(Lack, NoMemoryTest, testing::ValuesIn(lacks()), kNameOf);
// Without memory at all c-ares waits for its own timeouts, 14 seconds in all, and so would the
// test.
INSTANTIATE_TEST_SUITE_P(OfCAres, MemoryTest,
                         testing::Values(Lack{
                             "CAres", Asks::c_ares, Kind::greeting, TlsMode::none, {}}),
                         kNameOf);

}  // namespace
}  // namespace sre

int main(int argc, char** argv) {
  sre::watch_memory();
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
