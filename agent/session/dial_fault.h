#pragma once

#include <curl/curl.h>

#include <optional>
#include <string>
#include <string_view>

#include "agent/smtp/transcript.h"

namespace sre {

// How libcurl's part of a session ended without a hand-over.
struct DialEnd {
  CURLcode result = CURLE_OK;
  long os_error = 0;                  // CURLINFO_OS_ERRNO
  std::string_view error_text;        // CURLOPT_ERRORBUFFER
  bool connected = false;             // TCP
  Phase phase = Phase::connect;       // of the last step
  const Reply* last_reply = nullptr;  // of the last step
  bool reply_began = false;           // a reply came that did not end
  const Ehlo* ehlo = nullptr;         // what the server offers
  std::string_view source_address;    // configured
  bool to_v4 = false;                 // the server's address is one of IPv4
};

// What that means. Nothing where the last reply says it all (a refusing banner, a refused EHLO or
// STARTTLS): the verdict is then drawn from the reply. Neither libcurl's result code nor its idea
// of the last reply is enough: see the tests for what each case looks like. Pure.
std::optional<Fault> explain(const DialEnd& end);

}  // namespace sre
