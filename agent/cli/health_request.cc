#include "agent/cli/health_request.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <memory>

namespace sre {
namespace {

constexpr long kOk = 200;
constexpr long kUnauthorized = 401;

using Handle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;

std::size_t ignore_body(char*, std::size_t size, std::size_t count, void*) noexcept {
  return size * count;
}

CURLcode perform(CURL* handle, const std::string& url, Duration limit) {
  const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(limit).count();
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(milliseconds));
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  // A proxy in the environment is for the way out, not for the loopback.
  curl_easy_setopt(handle, CURLOPT_PROXY, "");
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 0L);
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 0L);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, ignore_body);
  return curl_easy_perform(handle);
}

}  // namespace

bool is_health_url(const std::string& url) {
  return url.starts_with("http://") || url.starts_with("https://");
}

Result<void> request_health(const std::string& url, Duration limit) {
  const Handle handle(curl_easy_init(), &curl_easy_cleanup);
  if (!handle) return failure(fmt::format("{}: libcurl does not start", url));
  const auto fault = perform(handle.get(), url, limit);
  if (fault != CURLE_OK) {
    return failure(
        fmt::format("{}: {}; is the daemon running, and is this where it listens (--url)?", url,
                    curl_easy_strerror(fault)));
  }
  long status = 0;
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status == kOk || status == kUnauthorized) return {};
  return failure(fmt::format("{}: answers {} in place of 200", url, status));
}

}  // namespace sre
