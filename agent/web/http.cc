#include "agent/web/http.h"

#include <utility>

#include "agent/base/text.h"
#include "agent/web/url.h"

namespace sre {

Request Request::to(std::string_view method, std::string_view request_target) {
  Request request;
  request.method = method;
  const auto mark = request_target.find('?');
  request.path = request_target.substr(0, mark);
  if (mark != std::string_view::npos) request.query = request_target.substr(mark + 1);
  return request;
}

std::string_view Request::header(std::string_view name) const {
  for (const auto& header : headers) {
    if (equal_ignoring_case(header.name, name)) return header.value;
  }
  return {};
}

std::optional<std::string> Request::parameter(std::string_view name) const {
  return query_value(query, name);
}

bool Request::wants_html() const {
  return header("Accept").find("text/html") != std::string_view::npos;
}

Response plain_text(int status, std::string body) {
  return {status, std::string(kPlainText), {}, std::move(body)};
}

Response changed(Response response, std::function<Response(Response)> change) {
  if (!response.later) return change(std::move(response));
  response.later = [later = std::move(response.later), change](const HandOver& hand_over) {
    later([change, hand_over](MakeResponse make) {
      hand_over([change, make = std::move(make)] { return changed(make(), change); });
    });
  };
  return response;
}

std::string_view status_text(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 202:
      return "Accepted";
    case 303:
      return "See Other";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 413:
      return "Content Too Large";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    default:
      return "Error";
  }
}

}  // namespace sre
