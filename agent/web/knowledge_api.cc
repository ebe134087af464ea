#include "agent/web/knowledge_api.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <vector>

#include "agent/base/text.h"
#include "agent/knowledge/compare.h"
#include "agent/report/knowledge_json.h"
#include "agent/web/edition.h"
#include "agent/web/knowledge_lookup.h"

namespace sre {
namespace {

Response told_or_404(const Edition& edition, const Result<Explanation>& told) {
  if (!told) return plain_text(404, told.error().message);
  return edition.answer(explanation_json(*told), kCacheable);
}

Response missing(const std::vector<std::string_view>& names, std::string_view example) {
  return plain_text(400, fmt::format("the query lacks {}, or it is empty or badly escaped; ask "
                                     "{}",
                                     fmt::join(names, " and "), example));
}

// The phase that is asked for, nothing where none is; the Error lists them.
Result<std::optional<Phase>> phase_of(const Request& request) {
  const auto name = request.parameter("phase").value_or("");
  if (name.empty()) return std::optional<Phase>();
  const auto phase = parse_phase(name);
  if (phase && has_reply(*phase)) return phase;
  std::vector<std::string_view> names;
  for (const auto one : kPhases) {
    if (has_reply(one)) names.push_back(to_string(one));
  }
  return failure(fmt::format("\"{}\" is no phase in which a server replies; there are {}",
                             printable(name, 80), fmt::join(names, ", ")));
}

}  // namespace

Response codes_api(const Site& site, const Request& request, const Captures&) {
  const Edition edition(site, request);
  return edition.answer(codes_json(edition.knowledge(), edition.language()), kCacheable);
}

Response code_api(const Site& site, const Request& request, const Captures& captures) {
  const Edition edition(site, request);
  return told_or_404(edition,
                     look_up_code(edition.knowledge(), captures.at(0), edition.language()));
}

Response reasons_api(const Site& site, const Request& request, const Captures&) {
  const Edition edition(site, request);
  return edition.answer(reasons_json(edition.knowledge(), edition.language()), kCacheable);
}

Response reason_api(const Site& site, const Request& request, const Captures& captures) {
  const Edition edition(site, request);
  return told_or_404(edition,
                     look_up_reason(edition.knowledge(), captures.at(0), edition.language()));
}

Response compare_api(const Site& site, const Request& request, const Captures&) {
  const auto a = request.parameter("a").value_or("");
  const auto b = request.parameter("b").value_or("");
  std::vector<std::string_view> lacking;
  if (a.empty()) lacking.push_back("a (the code that was expected)");
  if (b.empty()) lacking.push_back("b (the code that came)");
  if (!lacking.empty()) return missing(lacking, "/api/v1/compare?a=235&b=535");
  const Edition edition(site, request);
  const auto comparison = compare(edition.knowledge(), a, b, edition.language());
  if (!comparison) return plain_text(404, comparison.error().message);
  return edition.answer(comparison_json(*comparison), kCacheable);
}

Response explain_api(const Site& site, const Request& request, const Captures&) {
  const auto query = request.parameter("q").value_or("");
  if (query.empty()) return missing({"q (what to explain)"}, "/api/v1/explain?q=535");
  const auto phase = phase_of(request);
  if (!phase) return plain_text(400, phase.error().message);
  const Edition edition(site, request);
  const auto told = explain(edition.knowledge(), query, edition.language(), *phase);
  if (!told) return plain_text(404, told.error().message);
  return edition.answer(explanation_json(*told), kNotCacheable);
}

}  // namespace sre
