#pragma once

#include "agent/knowledge/compare.h"
#include "agent/knowledge/explain.h"
#include "agent/report/report.h"

namespace sre {

// The knowledge base in JSON, the same on the command line and over HTTP. Texts are in the language
// that was asked for; keys and slugs are the same in every language.

// key, name, meaning, when, fix, expect, facts {key: text}, reading [{text, url}], codes,
// enhanced_codes, reasons, pairs ["235-vs-530"], reason, rule.
Json explanation_json(const Explanation& explanation);

// pair, title, summary, expected and got (each as above), differences [{key, expected, got}],
// alert {title, changed, first, reason}, reading.
Json comparison_json(const Comparison& comparison);

// All that explanation_json() says of every one: {codes: [...], enhanced_codes: [...],
// pairs: ["235-vs-530", ...]} and {reasons: [...]}.
Json codes_json(const Knowledge& knowledge, std::string_view language);
Json reasons_json(const Knowledge& knowledge, std::string_view language);

// How addresses and JSON name a pair: "235-vs-530".
std::string pair_name(CodePair pair);

}  // namespace sre
