#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "agent/metrics/metrics.h"
#include "tests/metrics/sample.h"

namespace sre {
namespace {

using namespace std::chrono_literals;
using testing::full_run;
using ::testing::HasSubstr;
using ::testing::Not;

const CheckPtr kLogin = testing::make_check("corp", "login");

// The exposition after `runs`.
std::string exposed(const std::vector<Run>& runs) {
  Metrics metrics(testing::small_sets(), testing::sample_build(), testing::sample_options());
  metrics.replace(std::array{kLogin});
  Standing standing;
  for (const auto& run : runs) {
    standing = advance(standing, run);
    metrics.observe(run, standing);
  }
  return metrics.expose();
}

// Takes what `set` allows off the front of `text`; false where there is none of it.
bool take(std::string_view& text, std::string_view set) {
  const auto end = std::min(text.find_first_not_of(set), text.size());
  text.remove_prefix(end);
  return end > 0;
}

// `name="value"`, the value with its escapes.
bool take_label(std::string_view& text) {
  if (!take(text, "abcdefghijklmnopqrstuvwxyz0123456789_") || !text.starts_with("=\""))
    return false;
  text.remove_prefix(2);
  while (!text.empty() && text.front() != '"') {
    const bool escape = text.front() == '\\';
    if (escape && (text.size() < 2 || std::string_view("\\\"n").find(text[1]) > 2)) return false;
    text.remove_prefix(escape ? 2 : 1);
  }
  if (text.empty()) return false;
  text.remove_prefix(1);
  return true;
}

// A sample of the text format: name, labels or none, a number.
bool is_sample(std::string_view line) {
  if (!take(line, "abcdefghijklmnopqrstuvwxyz0123456789_")) return false;
  if (line.starts_with('{')) {
    do {
      line.remove_prefix(1);
      if (!take_label(line)) return false;
    } while (line.starts_with(','));
    if (!line.starts_with('}')) return false;
    line.remove_prefix(1);
  }
  return take(line, " ") && take(line, "0123456789.e+-") && line.empty();
}

// Every line is HELP, TYPE or a sample, and no series stands there twice.
void expect_well_formed(const std::string& text) {
  std::set<std::string> seen;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_EQ(line.find_first_of(std::string("\0\r\x1b\x7f", 4)), std::string::npos) << line;
    if (line.starts_with("# HELP ") || line.starts_with("# TYPE ")) continue;
    EXPECT_TRUE(is_sample(line)) << line;
    EXPECT_TRUE(seen.insert(line.substr(0, line.rfind(' '))).second) << line;
  }
}

std::size_t lines_with(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.find(part) != std::string::npos) ++count;
  }
  return count;
}

TEST(HostileServer, TheseTestsKnowABrokenLine) {
  EXPECT_TRUE(is_sample(R"(a{b="c",d="\"\\\n"} 1)"));
  for (const auto* broken : {R"(a{b="c} 1)", R"(a{b="\x"} 1)", R"(a{b="c"} )", R"(a{} 1)",
                             R"(a{b="c"d="e"} 1)", R"(a{b="c"} 1 x)", R"("a 1)"}) {
    EXPECT_FALSE(is_sample(broken)) << broken;
  }
}

TEST(HostileServer, AThousandCodesAreAHandfulOfSeries) {
  std::vector<sre::Run> runs;
  for (int code = 0; code < 1000; ++code) {
    auto run = full_run(kLogin, 1min, "535 no", Reason::unexpected_reply);
    run.transcript.steps.back().reply->code = code;
    run.verdict.reply->code = code;
    run.verdict.reply->enhanced = EnhancedCode{5, static_cast<std::uint16_t>(code), 999};
    runs.push_back(run);
  }
  const auto text = exposed(runs);
  expect_well_formed(text);
  // 11 listed codes, four classes, "other".
  EXPECT_EQ(
      lines_with(text, R"(smtp_check_replies_total{target="corp",check="login",phase="quit")"),
      16U);
  EXPECT_EQ(lines_with(text, "smtp_check_result_info{"), 1U);
  EXPECT_THAT(text, HasSubstr(R"(code="other",enhanced_code="other")"));
}

TEST(HostileServer, EhloKeywordsCannotInjectLabels) {
  auto run = full_run(kLogin, 1min, "235 ok", Reason::ok);
  Ehlo ehlo;
  for (int i = 0; i < 256; ++i) {
    ehlo.extensions.push_back({"X\"} 1\nsmtp_check_success{x=\"" + std::to_string(i), "y"});
    ehlo.auth_mechanisms.push_back("EVIL\"" + std::to_string(i));
  }
  run.transcript.ehlo_after_tls = ehlo;
  const auto text = exposed({run});
  expect_well_formed(text);
  EXPECT_EQ(
      lines_with(text, "smtp_ehlo_extension{target=\"corp\",extension=\"other\",tls=\"after\""),
      1U);
  EXPECT_EQ(lines_with(text, "smtp_auth_mechanism_offered{"), 1U);
  EXPECT_EQ(lines_with(text, "smtp_check_success{"), 1U);
  EXPECT_THAT(text, Not(HasSubstr("EVIL")));
}

TEST(HostileServer, CertificateNamesArePrintableAndShort) {
  auto run = full_run(kLogin, 1min, "235 ok", Reason::ok);
  auto& certificate = *run.transcript.tls->certificate;
  certificate.subject = std::string("CN=\"}\n\0\x1b[31m\xff\\", 14) + std::string(5000, 'x');
  certificate.issuer =
      "CN=\xC2\x9B"
      "31m";
  run.transcript.tls->cipher = "A\"B";
  run.transcript.tls->version = std::string(300, 'v');
  const auto text = exposed({run});
  expect_well_formed(text);
  EXPECT_THAT(text, HasSubstr(R"(smtp_tls_info{target="corp",version="other",cipher="other"} 1)"));
  EXPECT_THAT(text, HasSubstr(R"(subject="CN=\"}\\x0A\\x00\\x1B[31m\\xFF\\xxx)"));
  EXPECT_THAT(text, Not(HasSubstr(std::string(257, 'x'))));
  EXPECT_EQ(lines_with(text, "smtp_tls_certificate_info{"), 1U);
}

TEST(HostileServer, ReplyTextIsNeverALabel) {
  auto run = full_run(kLogin, 1min, "535 5.7.8 MARK\"} 1", Reason::auth_credentials_invalid);
  run.verdict.detail = "MARK";
  run.verdict.rule = "MARK";
  run.transcript.fault = Fault{Phase::auth, Reason::connection_lost, "MARK"};
  run.transcript.ehlo_after_tls->greeting = "MARK";
  const auto text = exposed({run});
  expect_well_formed(text);
  EXPECT_THAT(text, Not(HasSubstr("MARK")));
}

TEST(HostileServer, AProbeOfItIsWellFormedToo) {
  Metrics metrics(testing::small_sets(), testing::sample_build(), testing::sample_options());
  auto run = full_run(kLogin, 1min, "999 x", Reason::protocol_violation);
  run.transcript.tls->version = "TLSv1\"";
  run.transcript.tls->certificate->subject = "\n\n";
  expect_well_formed(metrics.expose_probe(run));
}

}  // namespace
}  // namespace sre
