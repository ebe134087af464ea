#include "agent/web/router.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "agent/base/text.h"
#include "agent/web/url.h"

namespace sre {
namespace {

// "/a/b" as {"a", "b"}, "/" as {""}.
std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> segments;
  path.remove_prefix(1);
  for (;;) {
    const auto slash = path.find('/');
    segments.emplace_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return segments;
    path.remove_prefix(slash + 1);
  }
}

std::optional<Captures> match(const std::vector<std::string>& pattern,
                              const std::vector<std::string>& segments) {
  if (pattern.size() != segments.size()) return std::nullopt;
  Captures captures;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == "*") {
      if (segments[i].empty()) return std::nullopt;
      captures.push_back(segments[i]);
    } else if (pattern[i] != segments[i]) {
      return std::nullopt;
    }
  }
  return captures;
}

}  // namespace

void Router::get(std::string pattern, std::string shown, std::string what, RouteHandler handler) {
  add("GET", std::move(pattern), std::move(shown), std::move(what), std::move(handler));
}

void Router::post(std::string pattern, std::string shown, std::string what, RouteHandler handler) {
  add("POST", std::move(pattern), std::move(shown), std::move(what), std::move(handler));
}

void Router::add(std::string method, std::string pattern, std::string shown, std::string what,
                 RouteHandler handler) {
  routes_.push_back({std::move(method), split_path(pattern), std::move(shown), std::move(what),
                     std::move(handler)});
}

bool Router::has(std::string_view path) const {
  const auto segments = split_path(path);
  return std::any_of(routes_.begin(), routes_.end(), [&](const Route& route) {
    return match(route.segments, segments).has_value();
  });
}

Response Router::handle(const Request& request) const {
  if (!request.path.starts_with('/')) return plain_text(400, "A path begins with /.\n");
  auto segments = split_path(request.path);
  for (auto& segment : segments) {
    auto decoded = percent_decode(segment);
    if (!decoded) return plain_text(400, "The path holds a broken % escape.\n");
    segment = std::move(*decoded);
  }
  std::string_view method = request.method;
  if (method == "HEAD") method = "GET";
  std::string allowed;
  for (const auto& route : routes_) {
    const auto captures = match(route.segments, segments);
    if (!captures) continue;
    if (route.method == method) return route.handler(request, *captures);
    if (!allowed.empty()) allowed += ", ";
    allowed += route.method == "GET" ? "GET, HEAD" : route.method;
  }
  if (allowed.empty()) return not_found(request.path);
  auto response = plain_text(405, fmt::format("{} is not for this address: use {}.\n",
                                              printable(request.method, 32), allowed));
  response.headers.push_back({"Allow", allowed});
  return response;
}

Response Router::not_found(std::string_view path) const {
  std::size_t width = 0;
  for (const auto& route : routes_) width = std::max(width, route.shown.size());
  std::string text = fmt::format("Nothing is at {}. There is:\n\n", printable(path, 200));
  for (const auto& route : routes_) {
    text += fmt::format("{:4} {:{}}  {}\n", route.method, route.shown, width, route.what);
  }
  return plain_text(404, std::move(text));
}

}  // namespace sre
