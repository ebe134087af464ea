#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "agent/base/text.h"
#include "agent/metrics/metrics.h"
#include "tests/record/runs.h"

namespace sre::testing {

// Small closed sets, as the knowledge base has them at full size.
inline LabelSets small_sets() {
  const auto known = [](const auto& words, std::string_view word) {
    auto upper = to_upper(word);
    const bool listed = std::find(words.begin(), words.end(), upper) != words.end();
    return listed ? upper : std::string("other");
  };
  return {
      .code =
          [](int code) {
            constexpr std::array kCodes = {220, 221, 235, 250, 334, 354, 421, 530, 535, 550, 554};
            if (std::find(kCodes.begin(), kCodes.end(), code) != kCodes.end()) {
              return std::to_string(code);
            }
            return code < 200 || code > 599 ? "other" : std::to_string(code / 100) + "xx";
          },
      .enhanced_code = [](const std::optional<EnhancedCode>& code) -> std::string {
        if (!code) return "";
        const auto text = to_string(*code);
        return text == "5.7.8" || text == "2.7.0" ? text : "other";
      },
      .extension =
          [known](std::string_view word) {
            constexpr std::array<std::string_view, 4> kWords = {"AUTH", "PIPELINING", "SIZE",
                                                                "STARTTLS"};
            return known(kWords, word);
          },
      .mechanism =
          [known](std::string_view word) {
            constexpr std::array<std::string_view, 2> kWords = {"LOGIN", "PLAIN"};
            return known(kWords, word);
          },
  };
}

inline BuildInfo sample_build() { return {"1.2.3", "7.88.1", "3.0.17"}; }

// /proc as the test wants it.
inline MetricsOptions sample_options() {
  return {.durations = true, .proc = std::string(SRE_SOURCE_DIR) + "/tests/metrics/testdata/proc"};
}

// A whole submission dialogue that ends `at` with `text` in answer to AUTH.
inline Run full_run(const CheckPtr& check, Duration at, std::string_view text, Reason reason) {
  using namespace std::chrono_literals;
  Run run = make_run(check, at, text, reason);
  auto& seen = run.transcript;
  const auto before = Reply::from_text("250-mx\n250-SIZE 1000\n250 STARTTLS");
  const auto after = Reply::from_text("250-mx\n250-SIZE 2000\n250-XODD\n250 AUTH PLAIN GSSAPI");
  const auto step = [](Phase phase, std::optional<Reply> reply, Duration took) {
    return Step{.phase = phase, .command = {}, .reply = std::move(reply), .at = {}, .took = took};
  };
  seen.steps = {step(Phase::resolve, std::nullopt, 1ms),
                step(Phase::connect, std::nullopt, 2ms),
                step(Phase::banner, Reply::from_text("220 mx ESMTP"), 30ms),
                step(Phase::ehlo, before, 4ms),
                step(Phase::starttls, Reply::from_text("220 go"), 5ms),
                step(Phase::tls, std::nullopt, 6500us),
                step(Phase::ehlo, after, 4ms),
                step(Phase::auth, Reply::from_text(text), 70ms),
                step(Phase::quit, Reply::from_text("221 bye"), 1ms)};
  seen.ehlo_before_tls = parse_ehlo(before);
  seen.ehlo_after_tls = parse_ehlo(after);
  seen.tls = TlsFacts{.version = "TLSv1.3",
                      .cipher = "TLS_AES_256_GCM_SHA384",
                      .certificate = Certificate{.subject = "CN=mx.example.com",
                                                 .issuer = "O=\"Example, Inc\",CN=CA",
                                                 .serial = "0A1B",
                                                 .fingerprint_sha256 = "00FF",
                                                 .not_before = ManualClock::kStart - 24h,
                                                 .not_after = ManualClock::kStart + 24h * 30},
                      .earliest_expiry = ManualClock::kStart + 24h * 10,
                      .problem = std::nullopt,
                      .problem_detail = {}};
  return run;
}

}  // namespace sre::testing
