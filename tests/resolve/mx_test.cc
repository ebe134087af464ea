#include "tests/resolve/fixture.h"

namespace sre {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class ResolverMx : public ResolverTest {
 protected:
  void set_mx(const std::string& domain, std::vector<DnsRecord> records) {
    dns.set(domain, DnsType::mx, {.records = std::move(records)});
  }
  void expect_failure(const std::string& domain, Reason reason, const std::string& detail) {
    const auto result = resolve_mx(domain);
    EXPECT_THAT(result.hosts, IsEmpty());
    ASSERT_TRUE(result.failure);
    EXPECT_EQ(result.failure->reason, reason);
    EXPECT_THAT(result.failure->detail, HasSubstr(detail));
  }
};

TEST_F(ResolverMx, SortsExchangersByPreferenceAndThenByName) {
  set_mx("corp.test", {mx_record(20, "backup.corp.test"), mx_record(10, "mx2.corp.test"),
                       mx_record(10, "MX1.corp.test")});
  EXPECT_THAT(resolve_mx("corp.test").hosts,
              ElementsAre("mx1.corp.test", "mx2.corp.test", "backup.corp.test"));
}

TEST_F(ResolverMx, TakesTheDomainItselfWhereThereIsNone) {
  set_mx("plain.test", {});
  const auto result = resolve_mx("plain.test");
  EXPECT_THAT(result.hosts, ElementsAre("plain.test"));
  EXPECT_FALSE(result.failure);
}

TEST_F(ResolverMx, UnderstandsThatADomainAcceptsNoMail) {
  set_mx("nomail.test", {mx_record(0, "")});
  expect_failure("nomail.test", Reason::dns_not_found, "accepts no mail (null MX)");
}

TEST_F(ResolverMx, DropsANullMxAmongOthers) {
  set_mx("odd.test", {mx_record(0, ""), mx_record(10, "mx.odd.test")});
  EXPECT_THAT(resolve_mx("odd.test").hosts, ElementsAre("mx.odd.test"));
}

TEST_F(ResolverMx, TellsAMissingDomainFromAFailingServer) {
  expect_failure("missing.test", Reason::dns_not_found, "does not exist");
  dns.set("broken.test", DnsType::mx, {.code = DnsCode::servfail});
  expect_failure("broken.test", Reason::dns_failure, "SERVFAIL");
}

TEST_F(ResolverMx, DropsWhatIsNoHostName) {
  set_mx("odd.test", {mx_record(10, "a b.test"), mx_record(20, "mx.odd.test")});
  EXPECT_THAT(resolve_mx("odd.test").hosts, ElementsAre("mx.odd.test"));
  for (const auto* name : {"a b.test", "a\nb.test", "a\"b.test", "<b>.test"}) {
    set_mx("hostile.test", {mx_record(10, name)});
    expect_failure("hostile.test", Reason::dns_failure, "malformed");
  }
}

TEST_F(ResolverMx, UsesNoMoreThanTheLimitOfExchangers) {
  std::vector<DnsRecord> records;
  for (int i = 0; i < 100; ++i) records.push_back(mx_record(10, "m" + std::to_string(i) + ".test"));
  dns.set("crowd.test", DnsType::mx, {.records = records, .truncated = true});
  EXPECT_THAT(resolve_mx("crowd.test").hosts, SizeIs(kMostAnswers));
}

}  // namespace
}  // namespace sre
