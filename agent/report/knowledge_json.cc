#include "agent/report/knowledge_json.h"

#include <fmt/format.h>

namespace sre {
namespace {

Json text_or_null(std::string_view text) { return text.empty() ? Json(nullptr) : Json(text); }

Json reading_json(const std::vector<Reference>& references) {
  auto list = Json::array();
  for (const auto& reference : references) {
    list.push_back({{"text", reference.text}, {"url", text_or_null(reference.url)}});
  }
  return list;
}

Json facts_json(const std::vector<Fact>& facts) {
  auto json = Json::object();
  for (const auto& fact : facts) json[fact.key] = fact.text;
  return json;
}

Json pairs_json(const std::vector<CodePair>& pairs) {
  auto list = Json::array();
  for (const auto& pair : pairs) list.push_back(pair_name(pair));
  return list;
}

}  // namespace

Json explanation_json(const Explanation& explanation) {
  Json json;
  json["key"] = explanation.key;
  json["name"] = explanation.name;
  json["meaning"] = explanation.meaning;
  json["when"] = text_or_null(explanation.when);
  json["fix"] = text_or_null(explanation.fix);
  json["expect"] = text_or_null(explanation.expect);
  json["facts"] = facts_json(explanation.facts);
  json["reading"] = reading_json(explanation.reading);
  json["codes"] = explanation.codes;
  json["enhanced_codes"] = explanation.enhanced_codes;
  json["reasons"] = explanation.reasons;
  json["pairs"] = pairs_json(explanation.pairs);
  json["reason"] = text_or_null(explanation.reason ? to_string(*explanation.reason) : "");
  json["rule"] = text_or_null(explanation.rule_id);
  return json;
}

Json comparison_json(const Comparison& comparison) {
  Json json;
  json["pair"] = pair_name(comparison.pair);
  json["title"] = comparison.title;
  json["summary"] = comparison.summary;
  json["expected"] = explanation_json(comparison.expected);
  json["got"] = explanation_json(comparison.got);
  json["differences"] = Json::array();
  for (const auto& difference : comparison.differences) {
    json["differences"].push_back(
        {{"key", difference.key}, {"expected", difference.expected}, {"got", difference.got}});
  }
  json["alert"] = {{"title", comparison.alert.title},
                   {"changed", comparison.alert.changed},
                   {"first", comparison.alert.first},
                   {"reason", to_string(comparison.alert.reason)}};
  json["reading"] = reading_json(comparison.reading);
  return json;
}

Json codes_json(const Knowledge& knowledge, std::string_view language) {
  Json json;
  json["codes"] = Json::array();
  for (const auto& entry : knowledge.codes()) {
    json["codes"].push_back(
        explanation_json(*explain(knowledge, std::to_string(entry.code), language)));
  }
  json["enhanced_codes"] = Json::array();
  for (const auto& entry : knowledge.enhanced_codes()) {
    json["enhanced_codes"].push_back(
        explanation_json(*explain(knowledge, entry.shown(), language)));
  }
  json["pairs"] = pairs_json(knowledge.pairs());
  return json;
}

Json reasons_json(const Knowledge& knowledge, std::string_view language) {
  Json json;
  json["reasons"] = Json::array();
  for (const auto& entry : knowledge.reasons()) {
    json["reasons"].push_back(
        explanation_json(*explain(knowledge, to_string(entry.reason), language)));
  }
  return json;
}

std::string pair_name(CodePair pair) { return fmt::format("{}-vs-{}", pair.first, pair.second); }

}  // namespace sre
