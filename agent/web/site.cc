#include "agent/web/site.h"

#include <fmt/format.h>

#include <memory>
#include <string_view>
#include <utility>

#include "agent/base/text.h"
#include "agent/report/report.h"
#include "agent/web/check_page.h"
#include "agent/web/codes_page.h"
#include "agent/web/discovery.h"
#include "agent/web/guard.h"
#include "agent/web/gzip.h"
#include "agent/web/knowledge_api.h"
#include "agent/web/login.h"
#include "agent/web/overview_page.h"
#include "agent/web/page.h"
#include "agent/web/plain_routes.h"
#include "agent/web/probe_page.h"
#include "agent/web/reasons_page.h"
#include "agent/web/router.h"

namespace sre {
namespace {

constexpr const char* kForeign =
    "This request came from a page of another site.\n"
    "If it did not, a reverse proxy changes the Host header: let it pass Host on, or tell\n"
    "--web.external-url by which address browsers come.\n";

using SiteHandler = Response (*)(const Site&, const Request&, const Captures&);

Router make_router(const std::shared_ptr<const Site>& site) {
  const auto on = [&](SiteHandler handler) -> RouteHandler {
    return [site, handler](const Request& request, const Captures& captures) {
      return handler(*site, request, captures);
    };
  };
  Router router;
  const auto get = [&](std::string pattern, std::string shown, std::string what, SiteHandler h) {
    router.get(std::move(pattern), std::move(shown), std::move(what), on(h));
  };
  const auto post = [&](std::string pattern, std::string shown, std::string what, SiteHandler h) {
    router.post(std::move(pattern), std::move(shown), std::move(what), on(h));
  };
  const auto& metrics = site->options.telemetry_path;

  get("/", "/", "every check and how it stands", overview_page);
  get("/checks/*/*", "/checks/TARGET/CHECK", "one check, its dialogue and its past", check_page);
  post("/checks/*/*/run", "/checks/TARGET/CHECK/run", "run it now", run_check_now);
  get("/codes", "/codes", "reply codes; ?q= explains one, or a whole reply", codes_page);
  get("/codes/*", "/codes/CODE", "535, 5.7.8, or two compared: 235-vs-530", code_page);
  get("/reasons", "/reasons", "every reason why a check fails", reasons_page);
  get("/reasons/*", "/reasons/REASON", "one reason and what to do about it", reason_page);
  get(metrics, metrics, "metrics for Prometheus", metrics_text);
  get("/probe", "/probe?target=HOST:PORT&module=NAME", "one run now, as metrics", probe_page);
  get("/sd", "/sd", "the configured targets for Prometheus' http_sd", service_discovery);
  get("/config", "/config", "the running configuration", config_page);
  get("/api/v1/checks", "/api/v1/checks", "every check as JSON", checks_api);
  get("/api/v1/codes", "/api/v1/codes", "reply codes as JSON", codes_api);
  get("/api/v1/codes/*", "/api/v1/codes/CODE", "one of them as JSON", code_api);
  get("/api/v1/reasons", "/api/v1/reasons", "reasons as JSON", reasons_api);
  get("/api/v1/reasons/*", "/api/v1/reasons/REASON", "one of them as JSON", reason_api);
  get("/api/v1/compare", "/api/v1/compare?a=CODE&b=CODE", "two codes as JSON", compare_api);
  get("/api/v1/explain", "/api/v1/explain?q=REPLY", "what it means as JSON", explain_api);
  get("/-/healthy", "/-/healthy", "is the process alive?", healthy);
  get("/-/ready", "/-/ready", "do checks run?", ready);
  post("/-/reload", "/-/reload", "read the configuration again", reload);
  get("/assets/*", "/assets/NAME", "stylesheet, script and icon", asset);
  return router;
}

// Takes the path of the reverse proxy off, where the proxy left it on.
void strip_prefix(Request& request, const std::string& prefix) {
  const std::string_view path = request.path;
  if (!path.starts_with(prefix)) return;
  const auto rest = path.substr(prefix.size());
  if (rest.empty()) {
    request.path = "/";
  } else if (rest.front() == '/') {
    request.path = std::string(rest);
  }
}

// Refusals are plain text where they arise; a browser gets them as a page, the API as JSON, but for
// those of the login, which show nothing of the site.
Response dress_error(const Site& site, const Request& request, Response response) {
  if (response.status < 400 || response.content_type != kPlainText) return response;
  if (request.path.starts_with("/api/")) {
    response.content_type = kJson;
    response.body =
        to_text({{"error", response.body.substr(0, response.body.find_last_not_of('\n') + 1)}});
    return response;
  }
  if (!request.wants_html()) return response;
  View view;
  view.set("message", response.body);
  auto dressed =
      page(site, "error", {std::string(status_text(response.status)), 0, response.status},
           std::move(view));
  for (auto& header : response.headers) dressed.headers.push_back(std::move(header));
  return dressed;
}

// What every response gets on its way out.
Response finished(const Site& site, const Request& request, Response response) {
  response = dress_error(site, request, std::move(response));
  compress(request, response);
  add_security_headers(response);
  return response;
}

// Takes the path of the reverse proxy off before the handler sees it.
Handler without_prefix(std::string prefix, Handler handler) {
  if (prefix.empty()) return handler;
  return [prefix = std::move(prefix), handler = std::move(handler)](const Request& original) {
    Request request = original;
    strip_prefix(request, prefix);
    return handler(request);
  };
}

}  // namespace

Result<void> check_telemetry_path(std::string_view path) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._-";
  if (!path.starts_with('/') || path.find_first_not_of(kPlain) != std::string_view::npos) {
    return failure(
        fmt::format("\"{}\" is no path for the metrics: it begins with / and has letters, digits "
                    "and . _ - in it, as /metrics has",
                    printable(path, 200)));
  }
  const SiteOptions usual;
  const auto others = make_router(std::make_shared<const Site>());
  if (path != usual.telemetry_path && others.has(path)) {
    return failure(
        fmt::format("{} shows something else; write another path for the metrics, such as {}", path,
                    usual.telemetry_path));
  }
  return {};
}

Handler make_site(Sources sources, SiteOptions options) {
  const auto site = std::make_shared<const Site>(Site{std::move(sources), std::move(options)});
  const auto router = std::make_shared<const Router>(make_router(site));
  Handler handler = [site, router](const Request& request) {
    auto response = is_cross_site(request, site->options.external_origin)
                        ? plain_text(403, kForeign)
                        : router->handle(request);
    return changed(std::move(response), [site, request](Response made) {
      return finished(*site, request, std::move(made));
    });
  };
  if (const auto& door = site->options.door) handler = behind(door, std::move(handler));
  return without_prefix(site->options.external_path, std::move(handler));
}

}  // namespace sre
