#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/web/http.h"

namespace sre {

// The decoded path segments that stand at the `*` of a route's pattern, in order.
using Captures = std::vector<std::string>;
using RouteHandler = std::function<Response(const Request&, const Captures&)>;

// Finds who answers a request. Patterns are paths in which a segment `*` stands for any one
// segment; the first that fits wins. GET routes answer HEAD too (the server leaves the body out).
// Immutable once filled.
class Router {
 public:
  // `shown` is how the route is written for people, `what` what it answers; both appear in a 404.
  void get(std::string pattern, std::string shown, std::string what, RouteHandler handler);
  void post(std::string pattern, std::string shown, std::string what, RouteHandler handler);

  // True where some method has an answer for this path, which has no escapes.
  bool has(std::string_view path) const;

  // 404 with the list of routes where no path fits, 405 with Allow where only the method does not,
  // 400 for a path with a broken escape.
  Response handle(const Request& request) const;

 private:
  struct Route {
    std::string method;
    std::vector<std::string> segments;
    std::string shown;
    std::string what;
    RouteHandler handler;
  };

  void add(std::string method, std::string pattern, std::string shown, std::string what,
           RouteHandler handler);
  Response not_found(std::string_view path) const;

  std::vector<Route> routes_;
};

}  // namespace sre
