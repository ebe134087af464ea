#include "agent/web/plain_routes.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "agent/base/text.h"
#include "agent/report/report.h"
#include "agent/web/page.h"

namespace sre {
namespace {

Response reloaded(const Result<void>& outcome) {
  if (outcome) return plain_text(200, "The configuration was reloaded.\n");
  return plain_text(500, "The configuration was not reloaded, the old one stays in force:\n" +
                             outcome.error().message + "\n");
}

}  // namespace

Response metrics_text(const Site& site, const Request&, const Captures&) {
  return {200, std::string(kMetricsText), {}, site.sources.metrics()};
}

Response config_page(const Site& site, const Request& request, const Captures&) {
  const auto text = site.sources.config_text();
  if (!request.wants_html()) return plain_text(200, text);
  View view;
  // Set whole, not through printable(): it cuts, and would turn the line ends into text.
  view.set("config", text);
  return page(site, "config", {"Configuration"}, std::move(view));
}

Response checks_api(const Site& site, const Request&, const Captures&) {
  Json checks = Json::array();
  for (const auto& view : site.sources.overview()) {
    checks.push_back(check_json(*view.check, view.standing, view.latest.get()));
  }
  return {200, std::string(kJson), {{"Cache-Control", "no-store"}}, to_text(checks)};
}

Response healthy(const Site&, const Request&, const Captures&) {
  return plain_text(200, "smtp_reply_exporter is healthy.\n");
}

Response ready(const Site& site, const Request&, const Captures&) {
  if (site.sources.ready()) return plain_text(200, "smtp_reply_exporter is ready.\n");
  return plain_text(503, "smtp_reply_exporter is not ready: no check is scheduled yet.\n");
}

Response reload(const Site& site, const Request&, const Captures&) {
  Response response;
  response.later = [&site](const HandOver& hand_over) {
    site.sources.reload([hand_over](const Result<void>& outcome) {
      hand_over([outcome] { return reloaded(outcome); });
    });
  };
  return response;
}

Response asset(const Site&, const Request& request, const Captures& captures) {
  static constexpr std::array kTypes = {
      std::pair{"style.css", "text/css; charset=utf-8"},
      std::pair{"live.js", "text/javascript; charset=utf-8"},
      std::pair{"icon.svg", "image/svg+xml"},
  };
  const auto found = std::find_if(kTypes.begin(), kTypes.end(),
                                  [&](const auto& type) { return captures.at(0) == type.first; });
  if (found == kTypes.end()) {
    return plain_text(404, "There are three assets: style.css, live.js and icon.svg.\n");
  }
  // Pages name the version they want, so what was fetched with one may be kept.
  const std::string kept = request.query.empty() ? "max-age=3600" : "max-age=31536000, immutable";
  return {200, found->second, {{"Cache-Control", kept}}, std::string(embedded_page(found->first))};
}

}  // namespace sre
