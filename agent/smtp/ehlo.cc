#include "agent/smtp/ehlo.h"

#include <algorithm>
#include <charconv>

#include "agent/base/text.h"

namespace sre {
namespace {

constexpr std::size_t kMaxExtensions = 256;

void add_mechanisms(std::string_view list, std::vector<std::string>& mechanisms) {
  while (!list.empty()) {
    const auto end = std::min(list.find_first_of(" \t"), list.size());
    auto name = to_upper(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
    const bool is_new = std::find(mechanisms.begin(), mechanisms.end(), name) == mechanisms.end();
    if (!name.empty() && is_new && mechanisms.size() < kMaxExtensions) {
      mechanisms.push_back(std::move(name));
    }
  }
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

bool Ehlo::offers(std::string_view keyword) const {
  return std::any_of(extensions.begin(), extensions.end(), [&](const Extension& extension) {
    return equal_ignoring_case(extension.keyword, keyword);
  });
}

bool Ehlo::offers_mechanism(std::string_view mechanism) const {
  return std::any_of(auth_mechanisms.begin(), auth_mechanisms.end(),
                     [&](const auto& name) { return equal_ignoring_case(name, mechanism); });
}

Ehlo parse_ehlo(const Reply& reply) {
  Ehlo ehlo;
  if (!reply.lines.empty()) ehlo.greeting = reply.lines.front();
  for (std::size_t i = 1; i < reply.lines.size() && ehlo.extensions.size() < kMaxExtensions; ++i) {
    const auto line = trim(reply.lines[i]);
    const auto end = std::min(line.find_first_of(" \t="), line.size());
    if (end == 0) continue;
    const auto parameters = trim(line.substr(std::min(end + 1, line.size())));
    auto keyword = to_upper(line.substr(0, end));
    if (keyword == "AUTH") add_mechanisms(parameters, ehlo.auth_mechanisms);
    if (keyword == "SIZE") ehlo.size_limit = parameters.empty() ? 0 : parse_size(parameters);
    if (!ehlo.offers(keyword)) {
      ehlo.extensions.push_back({std::move(keyword), std::string(parameters)});
    }
  }
  return ehlo;
}

}  // namespace sre
