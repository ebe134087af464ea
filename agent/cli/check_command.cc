#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "agent/base/text.h"
#include "agent/cli/commands.h"
#include "agent/cli/exit_status.h"
#include "agent/cli/language.h"
#include "agent/cli/run_checks.h"
#include "agent/loading/loading.h"

namespace sre {
namespace {

bool is_selected(const Check& check, const std::string& word) {
  return word == check.target->name || word == check.id();
}

// What can be selected and is nearest to `word`, as a hint; may be empty.
std::string hint(const std::vector<CheckPtr>& checks, const std::string& word) {
  std::vector<std::string> names;
  for (const auto& check : checks) {
    names.push_back(check->target->name);
    names.push_back(check->id());
  }
  const std::vector<std::string_view> views(names.begin(), names.end());
  const auto near = nearest(word, views);
  return near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near);
}

// Prints what cannot be selected; empty then.
std::vector<CheckPtr> select(const std::vector<CheckPtr>& checks,
                             const std::vector<std::string>& words) {
  if (words.empty()) return checks;
  bool complete = true;
  for (const auto& word : words) {
    const bool known = std::any_of(checks.begin(), checks.end(),
                                   [&](const auto& check) { return is_selected(*check, word); });
    if (known) continue;
    complete = false;
    fmt::print(stderr, "no target and no check is named \"{}\"{}\n", printable(word),
               hint(checks, word));
  }
  std::vector<CheckPtr> selected;
  std::copy_if(checks.begin(), checks.end(), std::back_inserter(selected), [&](const auto& check) {
    return complete && std::any_of(words.begin(), words.end(),
                                   [&](const auto& word) { return is_selected(*check, word); });
  });
  return selected;
}

}  // namespace

int check_command(const CheckOptions& options) {
  auto loaded = load_all(options.config_file);
  if (!loaded) {
    fmt::print(stderr, "{}\n", loaded.error().message);
    return kUsageError;
  }
  const auto language = choose_language(*loaded->knowledge, options.language);
  if (!language) {
    fmt::print(stderr, "{}\n", language.error().message);
    return kUsageError;
  }
  RunRequest request;
  request.checks = select(loaded->config->checks, options.selected);
  if (request.checks.empty()) {
    if (options.selected.empty()) fmt::print(stderr, "{}: no checks\n", options.config_file);
    return kUsageError;
  }
  request.dns_servers = joined_dns_servers(*loaded->config);
  request.knowledge = loaded->knowledge;
  request.format = options.format;
  request.language = *language;
  return run_and_print(request);
}

}  // namespace sre
