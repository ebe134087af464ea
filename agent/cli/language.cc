#include "agent/cli/language.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>

#include "agent/base/text.h"

namespace sre {
namespace {

// "tr_TR.UTF-8" is "tr"; "C" and "POSIX" are no language.
std::string language_of_locale() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): before any thread
    if (value == nullptr || *value == '\0') continue;
    const std::string locale(value);
    return locale.substr(0, locale.find_first_of("_.@"));
  }
  return {};
}

}  // namespace

Result<std::string> choose_language(const Knowledge& knowledge, const std::string& named) {
  const auto known = knowledge.languages();
  const auto has = [&](const std::string& name) {
    return std::find(known.begin(), known.end(), name) != known.end();
  };
  if (named.empty()) {
    const auto language = language_of_locale();
    return has(language) ? language : "en";
  }
  if (has(named)) return named;
  return failure(
      fmt::format("--lang: \"{}\" is none of {}", printable(named), fmt::join(known, "|")));
}

}  // namespace sre
