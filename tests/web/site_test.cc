#include "agent/web/site.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "tests/base/files.h"
#include "tests/web/sample.h"

namespace sre {
namespace {

using namespace std::chrono_literals;
using test::broken_login;
using test::browser;
using test::come;
using test::escaped;
using test::header_of;
using test::make_check;
using test::passed_login;
using test::sample_site;
using test::site_of;
using test::sources_of;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(Overview, ShowsWhatWasExpectedAndWhatCame) {
  const auto response = sample_site()(browser("GET", "/"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, kHtml);
  EXPECT_THAT(response.body, HasSubstr(R"(<a href="/checks/corp/login">corp / login</a>)"));
  EXPECT_THAT(response.body, HasSubstr("<code>235</code>"));
  EXPECT_THAT(response.body, HasSubstr("<code>535 5.7.8</code>"));
  EXPECT_THAT(response.body, HasSubstr(R"(datetime="2026-11-22T14:35:05.000Z")"));
  EXPECT_THAT(response.body, HasSubstr("<b>59 min ago</b>, 6 runs in a row"));
}

TEST(Overview, PutsFailingChecksFirst) {
  const auto good = make_check("aaa", Kind::login);
  CheckHistory passing{
      {good, advance(Standing{}, *passed_login(good)), passed_login(good)}, {}, {}, {}};
  CheckHistory fresh{{make_check("bbb", Kind::tls), Standing{}, nullptr}, {}, {}, {}};
  const auto body = site_of(sources_of({passing, fresh, broken_login()}))(browser("GET", "/")).body;
  const auto at = [&](const char* name) { return body.find(name); };
  EXPECT_LT(at("corp / login"), at("bbb / tls"));
  EXPECT_LT(at("bbb / tls"), at("aaa / login"));
  EXPECT_THAT(body, HasSubstr("1 failing"));
  EXPECT_THAT(body, HasSubstr("1 not run yet"));
  EXPECT_THAT(body, HasSubstr("1 passing"));
}

TEST(Overview, FiltersByAllWords) {
  const auto site = sample_site();
  const auto row = HasSubstr("corp / login");
  EXPECT_THAT(site(browser("GET", "/?q=CORP+failing")).body, row);
  EXPECT_THAT(site(browser("GET", "/?q=535")).body, row);
  EXPECT_THAT(site(browser("GET", "/?q=corp+passing")).body, Not(row));
  EXPECT_THAT(site(browser("GET", "/?q=nosuch")).body, HasSubstr("No check matches"));
}

TEST(Overview, ReloadsUnlessToldNotTo) {
  const auto refresh = HasSubstr(R"(http-equiv="refresh" content="30")");
  EXPECT_THAT(sample_site()(browser("GET", "/")).body, refresh);
  EXPECT_THAT(sample_site()(browser("GET", "/?refresh=off")).body, Not(refresh));
}

TEST(Overview, EscapesTheFilter) {
  const auto body = sample_site()(browser("GET", "/?q=%22%3E%3Cscript%3E")).body;
  EXPECT_THAT(body, Not(HasSubstr("<script>")));
  EXPECT_THAT(body, HasSubstr("&quot;&gt;&lt;script&gt;"));
}

TEST(Overview, ShowsTheStandingAfterARestart) {
  auto history = broken_login();
  history.view.latest = nullptr;
  const auto body = site_of(sources_of({history}))(browser("GET", "/")).body;
  EXPECT_THAT(body, HasSubstr("<code>535</code>"));
  EXPECT_THAT(body, HasSubstr("failing"));
}

TEST(Overview, LeavesRowsOutWhereThereAreTooMany) {
  std::vector<CheckHistory> many;
  for (int i = 0; i < 2200; ++i) {
    many.push_back(
        {{make_check("t" + std::to_string(i), Kind::tls), Standing{}, nullptr}, {}, {}, {}});
  }
  const auto body = site_of(sources_of(many))(browser("GET", "/")).body;
  EXPECT_THAT(body, HasSubstr("200 more are not shown"));
}

// A login that was refused at `since`, after it had worked or not.
CheckHistory failing_login(const std::string& target, WallTime since, bool worked_before) {
  const auto check = make_check(target, Kind::login);
  const auto run = test::refused_login(check, "535 5.7.8 no");
  auto standing = advance(Standing{}, *run);
  standing.ever_passed = worked_before;
  standing.last_change = since;
  return {{check, standing, run}, {}, {}, {}};
}

TEST(Overview, PutsADoorThatStandsOpenBeforeAllElse) {
  const auto now = test::still_clock().wall();
  auto open = failing_login("open", now - 2h, false);
  open.view.standing.reason = Reason::unexpected_acceptance;
  const auto body =
      site_of(sources_of({failing_login("late", now, true), open}))(browser("GET", "/")).body;
  EXPECT_LT(body.find("open / login"), body.find("late / login"));
}

TEST(Overview, BeginsWithWhatBrokeLast) {
  const auto now = test::still_clock().wall();
  const auto body = site_of(sources_of(
      {failing_login("never", now, false), failing_login("early", now - 2h, true),
       failing_login("late", now - 1h, true)}))(browser("GET", "/"))
                        .body;
  const auto at = [&](const char* name) { return body.find(name); };
  EXPECT_LT(at("late / login"), at("early / login"));
  EXPECT_LT(at("early / login"), at("never / login"));
  EXPECT_THAT(body, HasSubstr("<h1>3 of 3 checks fail</h1>"));
  EXPECT_THAT(body, HasSubstr("<title>3 failing - "));
}

TEST(Overview, ExplainsFailuresInWords) {
  const auto body = sample_site()(browser("GET", "/")).body;
  const auto& texts = Knowledge::built_in()->reason_texts(Reason::auth_credentials_invalid, "en");
  EXPECT_THAT(body, HasSubstr("<strong>" + escaped(texts.name) + "</strong>"));
  EXPECT_THAT(body, HasSubstr(escaped(texts.meaning)));
  EXPECT_THAT(body, HasSubstr("<strong>First:</strong> " + escaped(texts.fix)));
}

TEST(Overview, NamesTheReasonThatManyFailuresShare) {
  std::vector<CheckHistory> many;
  for (int i = 0; i < 30; ++i) {
    many.push_back(failing_login("t" + std::to_string(i), test::still_clock().wall(), true));
  }
  const auto body = site_of(sources_of(many))(browser("GET", "/")).body;
  EXPECT_THAT(body, HasSubstr(R"(<a href="/?q=auth_credentials_invalid">)"));
  EXPECT_THAT(body, HasSubstr("30 &times; <a"));
  EXPECT_THAT(body, HasSubstr("More failures, and all other checks"));
  EXPECT_THAT(sample_site()(browser("GET", "/")).body, Not(HasSubstr("/?q=auth_cred")));
}

TEST(Overview, KeepsItselfUpToDateWithAScript) {
  const auto script = HasSubstr(R"(data-every="5" defer></script>)");
  const auto body = sample_site()(browser("GET", "/")).body;
  EXPECT_THAT(body, script);
  EXPECT_THAT(body, HasSubstr(R"(<noscript><meta http-equiv="refresh" content="30"></noscript>)"));
  EXPECT_THAT(sample_site()(browser("GET", "/?refresh=off")).body, Not(HasSubstr("<script")));
}

TEST(Overview, SaysHowAChangedCheckIsReadOut) {
  EXPECT_THAT(
      sample_site()(browser("GET", "/")).body,
      HasSubstr(R"(data-told="corp / login: failing, got 535 5.7.8, expected 235 at auth")"));
}

TEST(CheckPage, ExplainsTheVerdict) {
  const auto body = sample_site()(browser("GET", "/checks/corp/login")).body;
  EXPECT_THAT(body, HasSubstr("The server answered 535 5.7.8 at auth; expected was 235."));
  const auto& texts = Knowledge::built_in()->reason_texts(Reason::auth_credentials_invalid, "en");
  EXPECT_THAT(body, HasSubstr(escaped(texts.meaning)));
  EXPECT_THAT(body, HasSubstr(escaped(texts.fix)));
  EXPECT_THAT(body, HasSubstr("AUTH PLAIN &lt;secret&gt;"));
  EXPECT_THAT(body, HasSubstr("535 5.7.8 Error: authentication failed"));
  EXPECT_THAT(body, HasSubstr("250-STARTTLS"));
  EXPECT_THAT(body, HasSubstr("at 92.0 ms, took 80.0 ms"));
  EXPECT_THAT(body, HasSubstr("CN=smtp.example.com"));
  EXPECT_THAT(body, HasSubstr("in 60 d"));
  EXPECT_THAT(body, HasSubstr(R"(class="run" method="post" action="/checks/corp/login/run">)"));
}

TEST(CheckPage, LeadsToTheKnowledgeBase) {
  const auto site = site_of(sources_of({broken_login()}), {.external_path = "/smtp"});
  const auto body = site(browser("GET", "/checks/corp/login")).body;
  EXPECT_THAT(body, HasSubstr(R"(<a href="/smtp/codes/535"><code>535 5.7.8</code></a>)"));
  EXPECT_THAT(body, HasSubstr(R"(<a href="/smtp/codes/235"><code>235</code></a>)"));
  EXPECT_THAT(body, HasSubstr(R"(<a href="/smtp/codes/235-vs-535">Expected 235, got 535</a>)"));
  EXPECT_THAT(body, HasSubstr(R"(<a href="/smtp/reasons/auth_credentials_invalid">)"));
  EXPECT_THAT(body, Not(HasSubstr("/reasons/ok")));
}

TEST(CheckPage, LinksNoPairWhereOneCodeIsUnknown) {
  const auto check = make_check("corp", Kind::login);
  const auto run = test::refused_login(check, "599 what?");
  CheckHistory history{{check, advance(Standing{}, *run), run}, {}, {}, {}};
  const auto body = site_of(sources_of({history}))(browser("GET", "/checks/corp/login")).body;
  EXPECT_THAT(body, HasSubstr("<dd><code>599</code></dd>"));
  EXPECT_THAT(body, Not(HasSubstr("/codes/599")));
  EXPECT_THAT(body, Not(HasSubstr("-vs-")));
}

TEST(Overview, LeadsToTheKnowledgeBase) {
  const auto body = sample_site()(browser("GET", "/")).body;
  EXPECT_THAT(body, HasSubstr(R"(<a href="/codes/535"><code>535 5.7.8</code></a>)"));
  EXPECT_THAT(body, HasSubstr(R"(<a href="/reasons/auth_credentials_invalid">)"));
  EXPECT_THAT(body, HasSubstr(R"(href="/codes/235-vs-535">235 and 535 side by side</a>)"));
}

TEST(CheckPage, ShowsKeptFailuresRunsAndChanges) {
  const auto body = sample_site()(browser("GET", "/checks/corp/login")).body;
  EXPECT_THAT(body, HasSubstr("Failures kept"));
  EXPECT_THAT(body, HasSubstr("535 5.7.8 password"));
  EXPECT_THAT(body, HasSubstr("Recent runs"));
  EXPECT_THAT(body, HasSubstr("Changes"));
}

TEST(CheckPage, TellsWhatHasMostLikelyChanged) {
  const auto body = sample_site()(browser("GET", "/checks/corp/login")).body;
  const auto& remark = Knowledge::built_in()->pair_texts({235, 535}, "en");
  ASSERT_NE(remark.changed, "");
  EXPECT_THAT(body, HasSubstr(escaped(remark.changed)));
  EXPECT_THAT(body, HasSubstr(escaped(remark.first)));
  EXPECT_THAT(body, HasSubstr("<b>59 min ago</b>, 6 runs in a row. It last passed <time"));
}

TEST(CheckPage, TellsNothingOfAChangeWhereThereWasNone) {
  auto history = broken_login();
  history.view.standing.ever_passed = false;
  const auto body = site_of(sources_of({history}))(browser("GET", "/checks/corp/login")).body;
  const auto& remark = Knowledge::built_in()->pair_texts({235, 535}, "en");
  EXPECT_THAT(body, Not(HasSubstr(escaped(remark.changed))));
  EXPECT_THAT(body, HasSubstr(escaped(remark.first)));
}

TEST(CheckPage, LeavesTheTwoCodesAloneWhereTheServerSaysWhatElseItIs) {
  auto history = broken_login();
  auto run = std::make_shared<sre::Run>(*history.view.latest);
  run->verdict.reason = Reason::auth_method_disabled;
  history.view.latest = run;
  const auto body = site_of(sources_of({history}))(browser("GET", "/checks/corp/login")).body;
  const auto& remark = Knowledge::built_in()->pair_texts({235, 535}, "en");
  EXPECT_THAT(body, Not(HasSubstr(escaped(remark.changed))));
  EXPECT_THAT(body, Not(HasSubstr(escaped(remark.first))));
  const auto& texts = Knowledge::built_in()->reason_texts(run->verdict.reason, "en");
  EXPECT_THAT(body, HasSubstr(escaped(texts.fix)));
}

TEST(CheckPage, ShowsTheDialogueAsAWaterfall) {
  const auto body = sample_site()(browser("GET", "/checks/corp/login")).body;
  // AUTH: at 92 ms of 184 ms, 80 ms long.
  EXPECT_THAT(body, HasSubstr(R"(<rect class="step" x="500" width="434" height="10"/>)"));
  // The first step took nothing to speak of, and can be seen all the same.
  EXPECT_THAT(body, HasSubstr(R"(<rect class="step" x="0" width="5" height="10"/>)"));
  EXPECT_THAT(body, Not(HasSubstr(" style=")));
}

TEST(CheckPage, ShowsTheRecentRunsOldestFirst) {
  const auto body = sample_site()(browser("GET", "/checks/corp/login")).body;
  const auto strip = body.find("<ol class=\"strip\"");
  ASSERT_NE(strip, std::string::npos);
  EXPECT_LT(body.find("passed </span>235", strip), body.find("failed </span>535", strip));
}

TEST(CheckPage, DrawsHowLongAPhaseWithoutAnyStepTook) {
  const auto check = make_check("corp", Kind::greeting);
  sre::Run run{check, {}, {}};
  run.transcript.duration = 100ms;
  run.transcript.steps = {{Phase::resolve, "", std::nullopt, 0ms, 25ms}};
  run.transcript.fault = Fault{Phase::connect, Reason::connect_timeout, "No answer."};
  run.verdict.phase = Phase::connect;
  run.verdict.reason = Reason::connect_timeout;
  CheckHistory history{
      {check, advance(Standing{}, run), std::make_shared<sre::Run>(run)}, {}, {}, {}};
  const auto body = site_of(sources_of({history}))(browser("GET", "/checks/corp/greeting")).body;
  EXPECT_THAT(body, HasSubstr(R"(<rect class="step" x="250" width="750" height="10"/>)"));
  EXPECT_THAT(body, HasSubstr("at 25.0 ms, took 75.0 ms"));
}

TEST(CheckPage, ShowsACheckThatHasNotRun) {
  CheckHistory fresh{{make_check("a b", Kind::tls), Standing{}, nullptr}, {}, {}, {}};
  const auto response = site_of(sources_of({fresh}))(browser("GET", "/checks/a%20b/tls"));
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.body, HasSubstr("No run has ended"));
  EXPECT_THAT(response.body, HasSubstr(R"(action="/checks/a%20b/tls/run")"));
}

TEST(CheckPage, ShowsWhatEndedARunWithoutAReply) {
  const auto check = make_check("corp", Kind::greeting);
  sre::Run run{check, {}, {}};
  run.transcript.steps = {{Phase::resolve, "", std::nullopt, 0ms, 1ms}};
  run.transcript.fault =
      Fault{Phase::connect, Reason::connection_refused, "192.0.2.1 refused <it>."};
  run.verdict.phase = Phase::connect;
  run.verdict.reason = Reason::connection_refused;
  run.verdict.detail = run.transcript.fault->detail;
  CheckHistory history{
      {check, advance(Standing{}, run), std::make_shared<sre::Run>(run)}, {}, {}, {}};
  const auto body = site_of(sources_of({history}))(browser("GET", "/checks/corp/greeting")).body;
  EXPECT_THAT(body, HasSubstr("The run ended at connect."));
  EXPECT_THAT(body, HasSubstr("192.0.2.1 refused &lt;it&gt;."));
  EXPECT_THAT(body, Not(HasSubstr("<dt>Got</dt>")));
}

TEST(CheckPage, NamesAnUnknownCheck) {
  const auto response = sample_site()(browser("GET", "/checks/corp/%3Cb%3E"));
  EXPECT_EQ(response.status, 404);
  EXPECT_THAT(response.body, HasSubstr("There is no check corp/&lt;b&gt;."));
}

TEST(Pages, EscapeWhateverTheServerSends) {
  const auto site = site_of(sources_of({broken_login("220 <script>alert(1)</script>\x1B[2J\xFF")}));
  const auto body = site(browser("GET", "/checks/corp/login")).body;
  EXPECT_THAT(body, Not(HasSubstr("<script>")));
  EXPECT_THAT(body, HasSubstr(R"(220 &lt;script&gt;alert(1)&lt;/script&gt;\x1B[2J\xFF)"));
}

TEST(Pages, EscapeTemplateSyntaxFromTheWire) {
  const auto site = site_of(sources_of({broken_login("220 {{config}} {{{path}}} {{>head}}")}));
  EXPECT_THAT(site(browser("GET", "/checks/corp/login")).body,
              HasSubstr("{{config}} {{{path}}} {{&gt;head}}"));
}

TEST(Pages, NeverShowASecret) {
  const auto site = sample_site();
  for (const char* path : {"/", "/checks/corp/login", "/config", "/api/v1/checks", "/metrics"}) {
    EXPECT_THAT(site(browser("GET", path)).body, Not(HasSubstr("the-password"))) << path;
  }
}

TEST(Pages, TellBrowsersWhatTheyMayDo) {
  for (const char* path : {"/", "/metrics", "/nowhere", "/checks/corp/login"}) {
    const auto response = sample_site()(browser("GET", path));
    EXPECT_THAT(header_of(response, "Content-Security-Policy"), HasSubstr("default-src 'none'"));
    EXPECT_THAT(header_of(response, "Content-Security-Policy"),
                HasSubstr("frame-ancestors 'none'"));
    EXPECT_THAT(header_of(response, "Content-Security-Policy"),
                AllOf(HasSubstr("script-src 'self';"), Not(HasSubstr("unsafe"))));
    EXPECT_EQ(header_of(response, "X-Content-Type-Options"), "nosniff") << path;
    EXPECT_EQ(header_of(response, "Referrer-Policy"), "same-origin") << path;
  }
}

TEST(Pages, StandBelowTheExternalPath) {
  const auto site =
      site_of(sources_of({broken_login()}), {.external_path = "/smtp", .version = "9"});
  for (const char* path : {"/smtp", "/smtp/", "/"}) {
    const auto response = site(browser("GET", path));
    EXPECT_EQ(response.status, 200) << path;
    EXPECT_THAT(response.body, HasSubstr(R"(href="/smtp/checks/corp/login")")) << path;
    EXPECT_THAT(response.body, HasSubstr(R"(href="/smtp/assets/style.css?v=)")) << path;
  }
  EXPECT_EQ(site(browser("GET", "/smtpx")).status, 404);
}

TEST(RunNow, SendsABrowserToTheCheck) {
  std::string asked;
  auto sources = sources_of({broken_login()});
  sources.run_now = [&](const CheckView& view) {
    asked = view.check->id();
    return std::nullopt;
  };
  const auto site = site_of(std::move(sources));
  const auto response = site(browser("POST", "/checks/corp/login/run"));
  EXPECT_EQ(asked, "corp/login");
  EXPECT_EQ(response.status, 303);
  const auto location = header_of(response, "Location");
  EXPECT_EQ(location, "/checks/corp/login?asked=1795361615184");
  EXPECT_THAT(site(browser("GET", location)).body, HasSubstr("A run was asked for."));
  EXPECT_THAT(site(browser("GET", "/checks/corp/login?asked=1795361615183")).body,
              Not(HasSubstr("A run was asked for.")));
}

TEST(RunNow, TellsAScriptThatItWillRun) {
  EXPECT_EQ(sample_site()(Request::to("POST", "/checks/corp/login/run")).status, 202);
  EXPECT_EQ(sample_site()(Request::to("POST", "/checks/corp/nosuch/run")).status, 404);
}

TEST(RunNow, SaysWhenARefusedLoginMayBeTriedAgain) {
  auto sources = sources_of({broken_login()});
  sources.run_now = [](const CheckView&) { return std::chrono::milliseconds{41'200}; };
  const auto site = site_of(std::move(sources));
  EXPECT_THAT(site(browser("POST", "/checks/corp/login/run")).body,
              HasSubstr("<h1>Too Many Requests</h1>"));
  const auto response = site(Request::to("POST", "/checks/corp/login/run"));
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(header_of(response, "Retry-After"), "42");
  EXPECT_THAT(response.body, HasSubstr("corp/login was refused"));
  EXPECT_THAT(response.body, HasSubstr("in 42 s"));
}

TEST(RunNow, RefusesOtherSitesAndOtherMethods) {
  auto sources = sources_of({broken_login()});
  sources.run_now = [](const CheckView&) -> std::optional<Duration> {
    throw std::logic_error("must not be asked");
  };
  const auto site = site_of(std::move(sources));
  auto request = browser("POST", "/checks/corp/login/run");
  request.headers.push_back({"Sec-Fetch-Site", "cross-site"});
  EXPECT_EQ(site(request).status, 403);
  const auto wrong = site(browser("GET", "/checks/corp/login/run"));
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(header_of(wrong, "Allow"), "POST");
}

TEST(Reload, TellsWhatIsWrong) {
  auto sources = sources_of({});
  sources.reload = [](const auto& done) { done(failure("config.toml:3:1: no such key")); };
  const auto response = come(site_of(std::move(sources))(Request::to("POST", "/-/reload")));
  EXPECT_EQ(response.status, 500);
  EXPECT_THAT(response.body, HasSubstr("config.toml:3:1: no such key"));
  EXPECT_EQ(come(sample_site()(Request::to("POST", "/-/reload"))).status, 200);
}

TEST(Reload, IsAnsweredWhenItIsOver) {
  auto sources = sources_of({});
  std::function<void(const Result<void>&)> over;
  sources.reload = [&](auto done) { over = std::move(done); };
  const auto response = site_of(std::move(sources))(Request::to("POST", "/-/reload"));
  std::optional<MakeResponse> made;
  response.later([&](MakeResponse make) { made = std::move(make); });
  EXPECT_FALSE(made);
  over({});
  ASSERT_TRUE(made);
  EXPECT_EQ((*made)().status, 200);
}

TEST(Health, TellsReadyFromHealthy) {
  auto sources = sources_of({});
  sources.ready = [] { return false; };
  const auto site = site_of(std::move(sources));
  EXPECT_EQ(site(Request::to("GET", "/-/healthy")).status, 200);
  EXPECT_EQ(site(Request::to("GET", "/-/ready")).status, 503);
  EXPECT_EQ(sample_site()(Request::to("GET", "/-/ready")).status, 200);
}

TEST(Metrics, AreServedWhereTheyAreConfigured) {
  const auto site = site_of(sources_of({}), {.telemetry_path = "/probe-metrics"});
  const auto response = site(Request::to("GET", "/probe-metrics"));
  EXPECT_EQ(response.content_type, "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_THAT(response.body, HasSubstr("up 1\n"));
  EXPECT_EQ(site(Request::to("GET", "/metrics")).status, 404);
}

TEST(ConfigPage, IsTextForScriptsAndAPageForBrowsers) {
  EXPECT_EQ(sample_site()(Request::to("GET", "/config")).body,
            "[credentials.corp]\npassword = \"<secret>\"\n");
  EXPECT_THAT(sample_site()(browser("GET", "/config")).body, HasSubstr("&lt;secret&gt;"));
}

TEST(ChecksApi, ListsEveryCheck) {
  const auto response = sample_site()(browser("GET", "/api/v1/checks"));
  EXPECT_EQ(response.content_type, kJson);
  const auto json = nlohmann::json::parse(response.body);
  ASSERT_EQ(json.size(), 1U);
  EXPECT_EQ(json[0]["target"], "corp");
  EXPECT_EQ(json[0]["code"], 535);
  EXPECT_EQ(json[0]["regression"], true);
}

TEST(Errors, AreJsonBelowTheApi) {
  const auto response = sample_site()(browser("GET", "/api/v1/nowhere"));
  EXPECT_EQ(response.status, 404);
  EXPECT_THAT(nlohmann::json::parse(response.body)["error"].get<std::string>(),
              HasSubstr("/api/v1/checks"));
}

TEST(Errors, AreTextForScriptsAndPagesForBrowsers) {
  EXPECT_EQ(sample_site()(Request::to("GET", "/nowhere")).content_type, kPlainText);
  const auto page = sample_site()(browser("GET", "/nowhere"));
  EXPECT_EQ(page.status, 404);
  EXPECT_EQ(page.content_type, kHtml);
  EXPECT_THAT(page.body, HasSubstr("/checks/TARGET/CHECK"));
}

TEST(Assets, AreServedFromTheProgram) {
  const auto style = sample_site()(browser("GET", "/assets/style.css?v=1"));
  EXPECT_EQ(style.content_type, "text/css; charset=utf-8");
  EXPECT_THAT(header_of(style, "Cache-Control"), HasSubstr("immutable"));
  EXPECT_THAT(style.body, HasSubstr("prefers-color-scheme"));
  const auto script = sample_site()(browser("GET", "/assets/live.js?v=1"));
  EXPECT_EQ(script.content_type, "text/javascript; charset=utf-8");
  EXPECT_EQ(sample_site()(browser("GET", "/assets/head.mustache")).status, 404);
}

}  // namespace
}  // namespace sre
