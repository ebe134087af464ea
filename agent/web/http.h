#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sre {

// Requests and responses as plain values: whoever answers a request needs no socket, and neither
// do the tests.

struct Header {
  std::string name;
  std::string value;
};

struct Request {
  std::string method = "GET";
  std::string path = "/";  // as sent: percent-encoded
  std::string query;       // behind the '?', as sent
  std::vector<Header> headers;
  std::string body;
  std::string remote;  // the client's address, for the log

  // Takes a request target apart: "/checks/a/b?q=x".
  static Request to(std::string_view method, std::string_view request_target);

  // The first header of that name whatever its case; empty when there is none.
  std::string_view header(std::string_view name) const;
  // The first query parameter of that name, decoded.
  std::optional<std::string> parameter(std::string_view name) const;
  // True for a browser: such a client gets a page where others get plain text.
  bool wants_html() const;
};

struct Response;

// Makes a response; called on the web thread, may throw, which the client sees as a 500.
using MakeResponse = std::function<Response()>;
using HandOver = std::function<void(MakeResponse)>;

struct Response {
  int status = 200;
  std::string content_type;
  std::vector<Header> headers;
  std::string body;
  // Set where the answer has to be waited for; all of the above says nothing then. It is called
  // once, on the web thread, and hands over what makes the response, once, at once or later and
  // from whatever thread, but not when the server has stopped. Whoever keeps a HandOver lets go of
  // it before the server dies: the connection that waits for it hangs on it.
  std::function<void(const HandOver&)> later = nullptr;
};

// Called on the web thread; may throw, which the client sees as a 500.
using Handler = std::function<Response(const Request&)>;

inline constexpr std::string_view kPlainText = "text/plain; charset=utf-8";
inline constexpr std::string_view kHtml = "text/html; charset=utf-8";
inline constexpr std::string_view kJson = "application/json";
// Prometheus' text format.
inline constexpr std::string_view kMetricsText = "text/plain; version=0.0.4; charset=utf-8";

Response plain_text(int status, std::string body);

// What `change` makes of the response; of one that has to be waited for, when it comes.
Response changed(Response response, std::function<Response(Response)> change);

// "Not Found" and its like, for the status codes used here; "Error" for others.
std::string_view status_text(int status);

}  // namespace sre
