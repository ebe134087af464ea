#include "agent/resolve/resolver.h"

#include <algorithm>
#include <filesystem>

#include "tests/resolve/fixture.h"

namespace sre {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

void expect_failure(const Resolution& result, Reason reason, const std::string& detail) {
  EXPECT_THAT(result.addresses, IsEmpty());
  ASSERT_TRUE(result.failure);
  EXPECT_EQ(result.failure->reason, reason);
  EXPECT_THAT(result.failure->detail, HasSubstr(detail));
}

std::size_t open_files() {
  const std::filesystem::directory_iterator files("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(files), end(files)));
}

TEST_F(ResolverTest, AnswersAddressesItself) {
  dns.close();
  EXPECT_THAT(resolve("192.0.2.7").addresses, ElementsAre("192.0.2.7"));
  EXPECT_THAT(resolve("2001:db8::7").addresses, ElementsAre("2001:db8::7"));
  expect_failure(resolve("192.0.2.7", IpFamily::v6), Reason::dns_not_found, "no IPv6 address");
}

TEST_F(ResolverTest, FindsAnAddressAndItsTimeToLive) {
  dns.set("one.test", DnsType::a, {.records = {address_record("127.0.0.7", 42)}});
  dns.set("one.test", DnsType::aaaa, {});
  const auto result = resolve("one.test");
  EXPECT_THAT(result.addresses, ElementsAre("127.0.0.7"));
  EXPECT_EQ(result.ttl, seconds{42});
  EXPECT_FALSE(result.failure);
}

TEST_F(ResolverTest, FindsAllAddressesInTheirOrderWithoutRepetitions) {
  dns.set_addresses("many.test", {"127.0.0.9", "127.0.0.3", "127.0.0.9", "127.0.0.5"});
  EXPECT_THAT(resolve("many.test").addresses, ElementsAre("127.0.0.9", "127.0.0.3", "127.0.0.5"));
}

TEST_F(ResolverTest, AsksForBothFamilies) {
  dns.set_addresses("both.test", {"127.0.0.2", "::1"});
  EXPECT_THAT(resolve("both.test").addresses, UnorderedElementsAre("127.0.0.2", "::1"));
}

TEST_F(ResolverTest, PutsAddressesWithoutARouteLast) {
  dns.set_addresses("one.test", {"255.255.255.255", "127.0.0.2"});
  EXPECT_THAT(resolve("one.test").addresses, ElementsAre("127.0.0.2", "255.255.255.255"));
}

TEST_F(ResolverTest, AsksOnlyForTheFamilyWanted) {
  dns.set_addresses("both.test", {"127.0.0.2", "::1"});
  EXPECT_THAT(resolve("both.test", IpFamily::v4).addresses, ElementsAre("127.0.0.2"));
  EXPECT_EQ(dns.asked("both.test", DnsType::aaaa), 0);
  EXPECT_THAT(resolve("both.test", IpFamily::v6).addresses, ElementsAre("::1"));
  EXPECT_EQ(dns.asked("both.test", DnsType::a), 1);
}

TEST_F(ResolverTest, UsesNoMoreThanTheLimitOfAddresses) {
  std::vector<std::string> addresses;
  for (int i = 1; i <= 100; ++i) addresses.push_back("127.0.1." + std::to_string(i));
  dns.set_addresses("crowd.test", addresses);
  EXPECT_THAT(resolve("crowd.test").addresses, SizeIs(kMostAnswers));
}

TEST_F(ResolverTest, TellsAMissingNameFromOneWithoutAddress) {
  expect_failure(resolve("missing.test"), Reason::dns_not_found, "\"missing.test\" does not exist");
  dns.set_both("empty.test", {});
  expect_failure(resolve("empty.test"), Reason::dns_not_found, "\"empty.test\" has no address");
  dns.set_addresses("four.test", {"127.0.0.2"});
  expect_failure(resolve("four.test", IpFamily::v6), Reason::dns_not_found, "no IPv6 address");
}

TEST_F(ResolverTest, CallsAFailingServerAFailure) {
  dns.set_both("broken.test", {.code = DnsCode::servfail});
  expect_failure(resolve("broken.test"), Reason::dns_failure, "SERVFAIL");
  dns.set_both("refused.test", {.code = DnsCode::refused});
  expect_failure(resolve("refused.test"), Reason::dns_failure, "REFUSED");
}

TEST_F(ResolverTest, DoesNotTakeAFailureOfOneFamilyForAnEmptyName) {
  dns.set("half.test", DnsType::a, {.code = DnsCode::servfail});
  dns.set("half.test", DnsType::aaaa, {});
  expect_failure(resolve("half.test"), Reason::dns_failure, "SERVFAIL");
  dns.set("other.test", DnsType::a, {});
  dns.set("other.test", DnsType::aaaa, {.code = DnsCode::servfail});
  expect_failure(resolve("other.test"), Reason::dns_failure, "SERVFAIL");
}

TEST_F(ResolverTest, IsContentWithOneFamilyWhenTheOtherFails) {
  dns.set("half.test", DnsType::a, {.records = {address_record("127.0.0.2")}});
  dns.set("half.test", DnsType::aaaa, {.code = DnsCode::servfail});
  EXPECT_THAT(resolve("half.test").addresses, ElementsAre("127.0.0.2"));
}

TEST_F(ResolverTest, DoesNotWaitForAFamilyThatIsNeverAnswered) {
  dns.set("half.test", DnsType::a, {.records = {address_record("127.0.0.2")}});
  dns.set("half.test", DnsType::aaaa, {.mute = true});
  EXPECT_THAT(resolve("half.test").addresses, ElementsAre("127.0.0.2"));
  EXPECT_LT(dns.asked("half.test", DnsType::aaaa), 3) << "c-ares alone would ask three times";
}

TEST_F(ResolverTest, GivesUpAtTheDeadline) {
  dns.set_both("mute.test", {.mute = true});
  const auto result = resolve("mute.test", IpFamily::any, milliseconds{50});
  expect_failure(result, Reason::dns_failure, "no DNS server answered in time");
  EXPECT_GE(dns.asked("mute.test", DnsType::a), 1);
}

TEST_F(ResolverTest, GivesUpOneQuestionWithoutDisturbingAnother) {
  dns.set_both("mute.test", {.mute = true});
  dns.set_both("slow.test", {.mute = true});
  std::optional<Resolution> slow;
  boost::asio::co_spawn(io, resolver->resolve("slow.test", IpFamily::v4, in(seconds{60})),
                        [&](std::exception_ptr, Resolution value) { slow = std::move(value); });
  resolve("mute.test", IpFamily::any, milliseconds{20});
  EXPECT_FALSE(slow) << "still asking";
  dns.set_addresses("slow.test", {"127.0.0.2"});
  dns.answer_held();
  while (!slow) io.run_one();
  EXPECT_THAT(slow->addresses, ElementsAre("127.0.0.2"));
}

TEST_F(ResolverTest, AnswersManyAtOnce) {
  int done = 0;
  for (int i = 0; i < 50; ++i) {
    const auto name = "n" + std::to_string(i) + ".test";
    const auto address = "127.0.2." + std::to_string(i);
    dns.set_addresses(name, {address});
    boost::asio::co_spawn(io, resolver->resolve(name, IpFamily::any, in(seconds{60})),
                          [&done, address](std::exception_ptr, const Resolution& value) {
                            EXPECT_THAT(value.addresses, ElementsAre(address));
                            ++done;
                          });
  }
  while (done < 50) io.run_one();
}

TEST_F(ResolverTest, LeavesNoSocketBehind) {
  dns.set_both("mute.test", {.mute = true});
  dns.set_addresses("one.test", {"127.0.0.2"});
  const auto before = open_files();
  resolve("mute.test", IpFamily::any, milliseconds{5});
  resolve("one.test");
  EXPECT_EQ(open_files(), before);
}

TEST_F(ResolverTest, EndsWithTheLoop) {
  dns.set_both("mute.test", {.mute = true});
  const auto before = open_files();
  {
    boost::asio::io_context other;
    Resolver short_lived(other, system_clock(), dns.servers());
    boost::asio::co_spawn(other, short_lived.resolve("mute.test", IpFamily::any, in(seconds{60})),
                          boost::asio::detached);
    other.poll();
    EXPECT_GT(open_files(), before);
  }
  EXPECT_EQ(open_files(), before);
}

TEST_F(ResolverTest, AsksOverTcpWhenTheAnswerIsCut) {
  dns.set("big.test", DnsType::a, {.records = {address_record("127.0.0.2")}, .truncated = true});
  EXPECT_THAT(resolve("big.test", IpFamily::v4).addresses, ElementsAre("127.0.0.2"));
  EXPECT_EQ(dns.tcp_connections(), 1);
}

TEST_F(ResolverTest, IgnoresAnAnswerToAnotherQuestion) {
  dns.set_both("garbage.test",
               {.raw = std::string("\x81\x80\0\1\0\1\0\0\0\0", 10) + "\xFF\xFF\xFF"});
  expect_failure(resolve("garbage.test", IpFamily::any, milliseconds{50}), Reason::dns_failure,
                 "no DNS server answered in time");
}

TEST_F(ResolverTest, TakesNoAddressOfTheWrongSize) {
  dns.set_both("short.test", {.records = {DnsRecord{"abc"}}});
  EXPECT_TRUE(resolve("short.test").failure);
}

TEST_F(ResolverTest, CallsAnAbsentServerAFailure) {
  dns.close();
  expect_failure(resolve("any.test", IpFamily::v4), Reason::dns_failure,
                 "no DNS server was reached");
}

TEST_F(ResolverTest, PrefersTheHostsFileForBothFamilies) {
  set_hosts("127.0.0.4 pinned.test\n127.0.0.5 other.test pinned.test\n");
  dns.set_addresses("pinned.test", {"127.0.0.9", "::1"});
  const auto result = resolve("pinned.test");
  EXPECT_THAT(result.addresses, ElementsAre("127.0.0.4", "127.0.0.5"));
  EXPECT_EQ(result.ttl, Duration::zero());
  expect_failure(resolve("pinned.test", IpFamily::v6), Reason::dns_not_found, "no IPv6 address");
  EXPECT_EQ(dns.asked("pinned.test", DnsType::aaaa), 0);
}

TEST_F(ResolverTest, ReadsTheHostsFileAnew) {
  expect_failure(resolve("late.test"), Reason::dns_not_found, "does not exist");
  set_hosts("127.0.0.4 late.test\n");
  EXPECT_THAT(resolve("late.test").addresses, ElementsAre("127.0.0.4"));
}

TEST_F(ResolverTest, KnowsLocalhostWithoutAsking) {
  EXPECT_THAT(resolve("localhost").addresses, UnorderedElementsAre("127.0.0.1", "::1"));
  EXPECT_THAT(resolve("localhost", IpFamily::v4).addresses, ElementsAre("127.0.0.1"));
  EXPECT_EQ(dns.asked("localhost", DnsType::a), 0);
}

TEST_F(ResolverTest, HonoursTheSearchList) {
  ::setenv("LOCALDOMAIN", "corp.test", 1);
  dns.set_addresses("smtp.corp.test", {"127.0.0.6"});
  EXPECT_THAT(resolve("smtp").addresses, ElementsAre("127.0.0.6"));
}

TEST_F(ResolverTest, RefusesWhatIsNoName) {
  const std::string label(64, 'x');
  for (const auto& host : {label + ".test", std::string("a..test"), std::string("")}) {
    EXPECT_TRUE(resolve(host).failure) << host;
  }
  EXPECT_EQ(resolve(label + ".test").failure->reason, Reason::dns_not_found);
}

TEST_F(ResolverTest, FailsWithAListOfServersThatIsNone) {
  Resolver lost(io, system_clock(), "dns.example.com");
  EXPECT_EQ(run(lost.resolve("one.test", IpFamily::any, in(seconds{60}))).failure->reason,
            Reason::dns_failure);
}

}  // namespace
}  // namespace sre
