#include "agent/config/secret_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "agent/base/file.h"
#include "agent/base/problems.h"

namespace sre {
namespace {

constexpr std::size_t kLongestSecret = 64 * 1024;

// A name that is not one may be the secret, written into the wrong key: it is not repeated.
bool is_plain_name(std::string_view text, std::string_view marks) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           marks.find(c) != std::string_view::npos;
  });
}

// The one rule for the text of a secret; `where` names the source in an error.
Result<Secret> accept(std::string text, const std::string& where) {
  if (text.ends_with('\n')) {
    text.pop_back();
    if (text.ends_with('\r')) text.pop_back();
  }
  if (text.empty()) return failure(fmt::format("{} is empty; put the secret there", where));
  if (text.size() > kLongestSecret) {
    return failure(fmt::format("{} is longer than {} bytes; no secret is", where, kLongestSecret));
  }
  if (text.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
    return failure(fmt::format(
        "{} has several lines or a NUL byte; it must hold the secret alone, on one line", where));
  }
  return Secret(std::move(text));
}

// One byte more than allowed plus a line end tells a file that is too long.
Result<Secret> read_secret(const std::string& path, Readers readers) {
  auto text = read_file(path, kLongestSecret + 3, readers);
  if (!text) return tl::unexpected(std::move(text.error()));
  return accept(std::move(*text), in_quotes(path));
}

}  // namespace

Result<Secret> secret_from_file(const std::string& path) {
  return read_secret(path, Readers::owner);
}

Result<Secret> secret_from_environment(const std::string& variable) {
  if (!is_plain_name(variable, "_")) {
    return failure(
        "this is no name of an environment variable; write one such as "
        "\"SMTP_PASSWORD\", not the secret itself");
  }
  const auto* value = std::getenv(variable.c_str());
  if (value == nullptr) {
    return failure(fmt::format("the environment has no variable {}; set it where the daemon starts",
                               in_quotes(variable)));
  }
  return accept(value, fmt::format("the environment variable {}", in_quotes(variable)));
}

Result<Secret> secret_from_credential(const std::string& name) {
  if (!is_plain_name(name, "_-.") || name.starts_with('.')) {
    return failure(
        "this is no name of a systemd credential; write the part of LoadCredential= "
        "before the colon, not a path and not the secret itself");
  }
  const auto* folder = std::getenv("CREDENTIALS_DIRECTORY");
  if (folder == nullptr) {
    return failure(fmt::format(
        "there is no $CREDENTIALS_DIRECTORY to find {} in; systemd sets it for a unit with "
        "LoadCredential={}:FILE, elsewhere use password_file",
        in_quotes(name), name));
  }
  // The folder is open to the daemon alone; the mode of a file in it shows the mask of an ACL.
  return read_secret(std::string(folder) + "/" + name, Readers::anybody);
}

}  // namespace sre
