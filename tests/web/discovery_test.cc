#include "agent/web/discovery.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/base/files.h"
#include "tests/web/sample.h"

namespace sre {
namespace {

CheckHistory of(const CheckPtr& check) { return {{check, {}, nullptr}, {}, {}, {}}; }

CheckPtr with_target(const CheckPtr& check, const std::function<void(Target&)>& change) {
  auto changed = std::make_shared<Check>(*check);
  auto target = std::make_shared<Target>(*check->target);
  change(*target);
  changed->target = target;
  return changed;
}

nlohmann::json discovered(std::vector<CheckHistory> histories) {
  const auto site = test::site_of(test::sources_of(std::move(histories)));
  const auto response = site(Request::to("GET", "/sd"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, kJson) << "Prometheus refuses any other type";
  return nlohmann::json::parse(response.body);
}

TEST(ServiceDiscovery, ListsEachTargetOnceWithItsChecks) {
  const auto login = test::make_check("corp", Kind::login);
  auto tls = std::make_shared<Check>(*login);
  tls->name = "tls";
  const auto list = discovered({of(login), of(tls), of(test::make_check("other", Kind::tls))});
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0]["targets"], nlohmann::json::array({"smtp.example.com:587"}));
  EXPECT_EQ(list[0]["labels"]["__meta_smtp_target"], "corp");
  EXPECT_EQ(list[0]["labels"]["__meta_smtp_host"], "smtp.example.com");
  EXPECT_EQ(list[0]["labels"]["__meta_smtp_port"], "587");
  EXPECT_EQ(list[0]["labels"]["__meta_smtp_tls"], "starttls");
  EXPECT_EQ(list[0]["labels"]["__meta_smtp_checks"], ",login,tls,");
  EXPECT_EQ(list[1]["labels"]["__meta_smtp_target"], "other");
}

TEST(ServiceDiscovery, CarriesConfiguredLabelsAndBracketsAddresses) {
  const auto check = with_target(test::make_check("corp", Kind::login), [](Target& target) {
    target.host = "2001:db8::1";
    target.labels = {{"team", "mail"}};
  });
  const auto list = discovered({of(check)});
  EXPECT_EQ(list[0]["targets"][0], "[2001:db8::1]:587");
  EXPECT_EQ(list[0]["labels"]["__meta_smtp_label_team"], "mail");
}

TEST(ServiceDiscovery, LeavesOutWhatHasNoAddressAndIsEmptyWithoutTargets) {
  const auto check = with_target(test::make_check("corp", Kind::greeting), [](Target& target) {
    target.host = "";
    target.mx = "example.com";
  });
  EXPECT_EQ(discovered({of(check)}), nlohmann::json::array());
  EXPECT_EQ(discovered({}), nlohmann::json::array());
}

}  // namespace
}  // namespace sre
