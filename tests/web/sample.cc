#include "tests/web/sample.h"

#include <future>
#include <kainjow/mustache.hpp>
#include <memory>
#include <utility>

#include "agent/knowledge/knowledge_data.h"

namespace sre::test {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kNow = WallTime(1795361645s);

class StillClock final : public Clock {
 public:
  Instant now() const noexcept override { return Instant{}; }
  WallTime wall() const noexcept override { return kNow; }
};

Certificate sample_certificate() {
  return {"CN=smtp.example.com", "CN=Example CA", "0A1B",
          std::string(64, 'a'),  kNow - 24h * 30, kNow + 24h * 60};
}

// The steps up to AUTH over STARTTLS.
Transcript dialogue_until_auth(std::string_view banner) {
  Transcript t;
  t.started = kNow - 30s;
  t.duration = 184ms;
  t.address = "192.0.2.25";
  t.steps = {
      {Phase::resolve, "", std::nullopt, 0ms, 1ms},
      {Phase::connect, "", std::nullopt, 1ms, 12ms},
      {Phase::banner, "", Reply::from_text(banner), 13ms, 14ms},
      {Phase::ehlo, "EHLO monitor.example.com",
       Reply::from_text("250-smtp.example.com\n250-STARTTLS\n250 SIZE 52428800"), 27ms, 11ms},
      {Phase::starttls, "STARTTLS", Reply::from_text("220 2.0.0 Ready"), 38ms, 12ms},
      {Phase::tls, "", std::nullopt, 50ms, 31ms},
      {Phase::ehlo, "EHLO monitor.example.com",
       Reply::from_text("250-smtp.example.com\n250-AUTH PLAIN LOGIN\n250 SIZE 52428800"), 81ms,
       11ms},
  };
  t.tls = TlsFacts{
      "TLSv1.3", "TLS_AES_256_GCM_SHA384", sample_certificate(), std::nullopt, std::nullopt, ""};
  return t;
}

RunPtr finish(const CheckPtr& check, Transcript transcript, Reason reason) {
  Verdict verdict;
  verdict.passed = reason == Reason::ok;
  verdict.phase = Phase::auth;
  verdict.reply = *transcript.reply(Phase::auth);
  verdict.expected = "235";
  verdict.reason = reason;
  return std::make_shared<Run>(Run{check, std::move(transcript), std::move(verdict)});
}

}  // namespace

const Clock& still_clock() {
  static const StillClock clock;
  return clock;
}

CheckPtr make_check(std::string target_name, Kind kind) {
  auto target = std::make_shared<Target>();
  target->name = std::move(target_name);
  target->host = "smtp.example.com";
  target->port = 587;
  target->tls = TlsMode::starttls;
  auto credentials = std::make_shared<Credentials>(
      Credentials{"corp", "probe@example.com", Secret("the-password"), "auto", {"*.example.com"}});
  target->credentials = credentials;
  auto check = std::make_shared<Check>();
  check->target = target;
  check->name = to_string(kind);
  check->kind = kind;
  return check;
}

RunPtr refused_login(const CheckPtr& check, std::string_view reply_text, std::string_view banner) {
  auto transcript = dialogue_until_auth(banner);
  transcript.steps.push_back(
      {Phase::auth, "AUTH PLAIN <secret>", Reply::from_text(reply_text), 92ms, 80ms});
  transcript.steps.push_back({Phase::quit, "QUIT", Reply::from_text("221 2.0.0 Bye"), 172ms, 12ms});
  return finish(check, std::move(transcript), Reason::auth_credentials_invalid);
}

RunPtr passed_login(const CheckPtr& check) {
  auto transcript = dialogue_until_auth("220 smtp.example.com ESMTP");
  transcript.steps.push_back(
      {Phase::auth, "AUTH PLAIN <secret>", Reply::from_text("235 2.7.0 Welcome"), 92ms, 20ms});
  return finish(check, std::move(transcript), Reason::ok);
}

CheckHistory broken_login(std::string_view banner) {
  const auto check = make_check("corp", Kind::login);
  const auto run = refused_login(check, "535 5.7.8 Error: authentication failed", banner);
  Standing standing;
  standing.ever_passed = true;
  standing.consecutive_failures = 6;
  standing.last_run = run->finished();
  standing.last_success = kNow - 1h;
  standing.last_change = kNow - 59min;
  standing.code = 535;
  standing.reason = Reason::auth_credentials_invalid;
  const auto earlier = refused_login(check, "535-5.7.8 Bad\n535 5.7.8 password", banner);
  return {{check, standing, run},
          {run, earlier},
          {{kNow - 30s, 184ms, false, Phase::auth, 535, Reason::auth_credentials_invalid},
           {kNow - 1h, 124ms, true, Phase::auth, 235, Reason::ok}},
          {{kNow - 59min, false, 535, Reason::auth_credentials_invalid},
           {kNow - 24h * 40, true, 235, Reason::ok}}};
}

Sources sources_of(std::vector<CheckHistory> histories) {
  Sources sources;
  auto kept = std::make_shared<const std::vector<CheckHistory>>(std::move(histories));
  sources.overview = [kept] {
    std::vector<CheckView> views;
    for (const auto& history : *kept) views.push_back(history.view);
    return views;
  };
  sources.history = [kept](std::string_view id) -> std::optional<CheckHistory> {
    for (const auto& history : *kept) {
      if (history.view.check->id() == id) return history;
    }
    return std::nullopt;
  };
  sources.run_now = [](const CheckView&) { return std::nullopt; };
  sources.metrics = [] { return std::string("# HELP up Is it?\n# TYPE up gauge\nup 1\n"); };
  sources.config_text = [] { return std::string("[credentials.corp]\npassword = \"<secret>\"\n"); };
  sources.reload = [](const auto& done) { done({}); };
  sources.ready = [] { return true; };
  sources.knowledge = [] { return Knowledge::built_in(); };
  return sources;
}

Handler site_of(Sources sources, SiteOptions options) {
  options.clock = &still_clock();
  return make_site(std::move(sources), std::move(options));
}

Handler sample_site() { return site_of(sources_of({broken_login()})); }

std::shared_ptr<const Knowledge> knowledge_in_three_languages() {
  auto files = built_in_files();
  const auto add = [&](const char* name, const char* text) {
    // A language that ships is left as it is: these are names that none has.
    files.push_back({name, text, name});
  };
  add("xa/words.tsv",
      "language\tLangue <A>\ncodes\tCodes de réponse\nmeaning\tCe que cela dit\n"
      "alert_title\t{a} attendu, {b} reçu\nchecks\tContrôles\nnot_found\tInconnu\n");
  add("xa/codes.tsv",
      "235\tLogin réussi\tLe serveur accepte.\tAprès AUTH.\tRien.\t-\n"
      "535\tLogin refusé\tLe serveur refuse.\tAprès AUTH.\tVérifier.\t-\n");
  add("xa/reasons.tsv", "auth_required\tLogin nécessaire\tPas de login.\tSe connecter.\n");
  add("xb/words.tsv", "language\tLanguage B\n");
  return std::make_shared<const Knowledge>(read_knowledge(std::move(files)).value());
}

Handler site_in_three_languages(SiteOptions options) {
  static const auto knowledge = knowledge_in_three_languages();
  auto sources = sources_of({broken_login()});
  sources.knowledge = [] { return knowledge; };
  return site_of(std::move(sources), std::move(options));
}

Response come(Response response) {
  while (response.later) {
    auto made = std::make_shared<std::promise<MakeResponse>>();
    response.later([made](MakeResponse make) { made->set_value(std::move(make)); });
    response = made->get_future().get()();
  }
  return response;
}

std::string header_of(const Response& response, std::string_view name) {
  std::string value;
  for (const auto& header : response.headers) {
    if (header.name != name) continue;
    if (!value.empty()) value += ", ";
    value += header.value;
  }
  return value;
}

std::string escaped(std::string_view text) {
  return kainjow::mustache::html_escape(std::string(text));
}

Request browser(std::string_view method, std::string_view target) {
  auto request = Request::to(method, target);
  request.headers = {{"Host", "monitor.test:10235"}, {"Accept", "text/html,*/*;q=0.8"}};
  return request;
}

}  // namespace sre::test
