#include "agent/web/probe_page.h"

#include <gmock/gmock.h>

#include "tests/base/files.h"
#include "tests/web/sample.h"

namespace sre {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// A site whose probes end at once, and what it was asked for.
class ProbePage : public testing::Test {
 protected:
  ProbePage() {
    auto sources = test::sources_of({});
    sources.probe_check = [this](std::string_view module, std::string_view target,
                                 Duration limit) -> Result<CheckPtr> {
      asked_module = module;
      asked_target = target;
      asked_limit = limit;
      if (module != "submission") return failure("there is no module <b>");
      return test::make_check("smtp.example.com:587", Kind::login);
    };
    sources.probe = [this](const CheckPtr& check, const std::function<void(const RunPtr&)>& done) {
      done(busy ? nullptr : test::refused_login(check, "535 5.7.8 <script>no</script>"));
    };
    sources.probe_metrics = [](const sre::Run& run) {
      return "probe_success " + std::string(run.verdict.passed ? "1" : "0") + "\n";
    };
    site = test::site_of(sources);
  }

  Response answer(const Request& request) {
    auto response = site(request);
    if (!response.later) return response;
    Response made;
    response.later([&made](const MakeResponse& make) { made = make(); });
    return made;
  }
  Response answer(std::string_view query, std::string_view scrape_timeout = "") {
    auto request = Request::to("GET", "/probe?" + std::string(query));
    if (!scrape_timeout.empty()) {
      request.headers.push_back(
          {"X-Prometheus-Scrape-Timeout-Seconds", std::string(scrape_timeout)});
    }
    return answer(request);
  }

  Handler site;
  bool busy = false;
  std::string asked_module;
  std::string asked_target;
  Duration asked_limit{};
};

constexpr auto kGood = "target=smtp.example.com:587&module=submission";

TEST_F(ProbePage, AnswersWithTheMetricsOfOneRun) {
  const auto response = answer(kGood);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(response.body, "probe_success 0\n");
  EXPECT_EQ(asked_module, "submission");
  EXPECT_EQ(asked_target, "smtp.example.com:587");
}

TEST_F(ProbePage, EndsInTimeForTheScrape) {
  answer(kGood, "10");
  EXPECT_EQ(asked_limit, milliseconds{9500});
  answer(kGood, "0.2");
  EXPECT_EQ(asked_limit, milliseconds{100}) << "never nothing at all";
  answer(kGood, "1e300");
  EXPECT_EQ(asked_limit, seconds{3600});
  answer(kGood);
  EXPECT_EQ(asked_limit, seconds{3600}) << "the module's own timeout is shorter";
}

TEST_F(ProbePage, RefusesATimeoutThatIsNone) {
  for (const auto* wrong : {"0", "-1", "nan", "ten", "10s", "10 ", "\x1b"}) {
    const auto response = answer(kGood, wrong);
    EXPECT_EQ(response.status, 400) << wrong;
    EXPECT_THAT(response.body, HasSubstr("which is no number of seconds")) << wrong;
  }
}

TEST_F(ProbePage, ShowsTheDialogueToPeople) {
  const auto response = answer(std::string(kGood) + "&debug=true");
  EXPECT_EQ(response.content_type, kPlainText);
  EXPECT_THAT(response.body,
              AllOf(HasSubstr("> AUTH PLAIN <secret>"), HasSubstr("535 5.7.8 <script>"),
                    HasSubstr("FAILED at auth: expected 235, got 535 5.7.8"),
                    HasSubstr("\nprobe_success 0\n"), Not(HasSubstr("the-password"))));
}

TEST_F(ProbePage, SaysWhatIsWrongWithARequest) {
  const auto response = answer("target=a&module=b");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body, "there is no module <b>.\n");
  const auto page = answer(test::browser("GET", "/probe?target=a&module=b"));
  EXPECT_EQ(page.status, 400);
  EXPECT_THAT(page.body, AllOf(HasSubstr("&lt;b&gt;"), Not(HasSubstr("<b>"))));
}

TEST_F(ProbePage, SaysThatTooManyAreUnderWay) {
  busy = true;
  EXPECT_EQ(answer(kGood).status, 503);
  EXPECT_EQ(answer(test::browser("GET", "/probe?" + std::string(kGood))).content_type, kHtml)
      << "an answer that was waited for is finished like any other";
}

}  // namespace
}  // namespace sre
