#include "agent/access/web_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

#include "agent/access/bcrypt.h"
#include "agent/access/reading.h"
#include "agent/access/tls_section.h"
#include "agent/access/yaml_table.h"

namespace sre {
namespace {

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

void read_http(const YamlTable& http, WebConfig& config, Problems& problems) {
  static constexpr std::array<std::string_view, 2> kKeys = {"http2", "headers"};
  static constexpr std::array<std::string_view, 5> kHeaders = {
      "Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options", "X-XSS-Protection",
      "Strict-Transport-Security"};
  http.allow_only(kKeys);
  // HTTP/1.1 is spoken whatever this says: it is what a client falls back to.
  static_cast<void>(http.flag("http2"));
  const auto headers = http.table("headers");
  headers.allow_only(kHeaders);
  for (const auto& [name, value] : headers.all_texts()) {
    const auto wrong = [&, key = name](std::string_view cure) {
      problems.add(headers.place(key), fmt::format("{} {}", key, cure));
    };
    if (std::any_of(value.begin(), value.end(), is_control)) wrong("must be one line of text");
    if (name == "X-Content-Type-Options" && value != "nosniff" && !value.empty()) {
      wrong("can only be nosniff");
    }
    if (name == "X-Frame-Options" && value != "deny" && value != "sameorigin" && !value.empty()) {
      wrong("is deny or sameorigin");
    }
    config.headers.emplace_back(name, value);
  }
}

void read_users(const YamlTable& users, WebConfig& config, Problems& problems) {
  for (const auto& [name, hash] : users.all_texts()) {
    const auto place = users.place(name);
    // Not repeated: what stands behind the colon may be a password.
    if (name.empty() || name.find(':') != std::string::npos) {
      problems.add(place,
                   "a user's name is empty or has a colon in it, which RFC 7617 cannot carry");
      continue;
    }
    if (const auto good = check_bcrypt_hash(hash); !good) {
      problems.add(place,
                   fmt::format("the password of {}: {}", in_quotes(name), good.error().message));
    }
    config.users.emplace(name, hash);
  }
}

void read_excluded(const YamlTable& root, WebConfig& config, Problems& problems) {
  for (auto& path : root.texts("auth_excluded_paths")) {
    if (!path.starts_with('/')) {
      problems.add(root.place("auth_excluded_paths"),
                   fmt::format("{} is no path; write one such as /metrics", in_quotes(path)));
    }
    config.excluded_paths.insert(std::move(path));
  }
}

void read_root(const YAML::Node& document, Reading& reading, WebConfig& config) {
  static constexpr std::array<std::string_view, 4> kKeys = {
      "tls_server_config", "http_server_config", "basic_auth_users", "auth_excluded_paths"};
  const YamlTable root(document, "the file", reading.problems);
  root.allow_only(kKeys);
  config.tls = read_tls(root.table("tls_server_config"), root.place("tls_server_config"), reading);
  read_http(root.table("http_server_config"), config, reading.problems);
  read_users(root.table("basic_auth_users"), config, reading.problems);
  read_excluded(root, config, reading.problems);
}

}  // namespace

WebConfig read_web_config(const std::string& file, Problems& problems) {
  WebConfig config;
  config.files = {stamp_of(file)};
  const auto text = read_whole(file, Readers::anybody);
  if (!text) {
    problems.add({}, text.error().message);
    return config;
  }
  Reading reading{std::filesystem::path(file).parent_path(), config.files, problems};
  try {
    // yaml-cpp takes for a second document what other readers refuse, such as a mapping that goes
    // on with less indentation than it began with.
    const auto documents = YAML::LoadAll(*text);
    if (documents.size() > 1) {
      problems.add(place_of(documents[1]),
                   "here begins a second document, which nobody would read; look for --- or for a "
                   "line that is indented otherwise than the first");
    }
    read_root(documents.empty() ? YAML::Node() : documents.front(), reading, config);
  } catch (const YAML::Exception& error) {
    const auto& mark = error.mark;
    const Place place = mark.is_null() ? Place{} : Place{mark.line + 1, mark.column + 1};
    problems.add(place, fmt::format("this is no YAML: {}", error.msg));
  }
  return config;
}

}  // namespace sre
