#pragma once

#include <memory>
#include <string>

#include "agent/access/door.h"
#include "agent/base/clock.h"
#include "agent/base/result.h"
#include "agent/web/http.h"
#include "agent/web/sources.h"

namespace sre {

// Where the site stands and what it shows of the program itself.
struct SiteOptions {
  std::string telemetry_path = "/metrics";
  // The path below which a reverse proxy shows the site ("/smtp"), without a final slash; empty
  // when there is none. Links carry it; requests are answered with and without it, since some
  // proxies strip it and some do not.
  std::string external_path = "";
  // Where browsers come from in that case ("https://mon.example.com"); empty when it is not known.
  std::string external_origin = "";
  // Who may come in; null: everybody.
  std::shared_ptr<Door> door = nullptr;
  std::string version = "";
  const Clock* clock = &system_clock();
};

// What every page is made from. Immutable.
struct Site {
  Sources sources;
  SiteOptions options;

  // The address of `path` ("/config") as a link must name it.
  std::string link(std::string_view path) const {
    return options.external_path + std::string(path);
  }
  WallTime now() const { return options.clock->wall(); }
};

// Whether the metrics can be at this path (--web.telemetry-path): the Error says why not.
Result<void> check_telemetry_path(std::string_view path);

// The whole site as one function: login, routes, cross-site protection, error pages, compression,
// security headers.
Handler make_site(Sources sources, SiteOptions options = {});

}  // namespace sre
