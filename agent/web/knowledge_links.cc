#include "agent/web/knowledge_links.h"

#include <fmt/format.h>

#include "agent/knowledge/explain.h"
#include "agent/report/knowledge_json.h"
#include "agent/web/url.h"

namespace sre {

std::string code_path(std::string_view key) { return "/codes/" + percent_encode(key); }

std::string reason_path(std::string_view slug) { return "/reasons/" + percent_encode(slug); }

std::string pair_path(CodePair pair) { return "/codes/" + pair_name(pair); }

std::string met_code_path(const Knowledge& knowledge, int code) {
  return knowledge.code(code) != nullptr ? code_path(fmt::to_string(code)) : "";
}

std::string met_reason_path(Reason reason) {
  return reason != Reason::ok ? reason_path(to_string(reason)) : "";
}

std::optional<CodePair> met_pair(const Knowledge& knowledge, std::string_view expected, int got) {
  const auto wanted = find_code(knowledge, expected.substr(0, expected.find('|')));
  if (!wanted || (*wanted)->code == got || knowledge.code(got) == nullptr) return std::nullopt;
  return CodePair((*wanted)->code, got);
}

}  // namespace sre
