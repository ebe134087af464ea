#include "tests/config/scratch.h"

#include <stdlib.h>

#include <algorithm>

namespace sre {
namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

}  // namespace

Scratch::Scratch() {
  std::filesystem::create_directory(path("folder"));
  write("secret", "correct horse\n");
  write("open-secret", "correct horse\n", 0644);
  write("group-secret", "correct horse\n", 0640);
  write("empty-secret", "\n");
  write("two-lines", "correct horse\nbattery staple\n");
  write("nul-secret", std::string_view("correct\0horse\n", 14));
  write("ca.pem", "-----BEGIN CERTIFICATE-----\n", 0644);
  write("empty.pem", "", 0644);
  ::setenv("SRE_TEST_PASSWORD", std::string(kPassword).c_str(), 1);
  ::setenv("SRE_TEST_EMPTY_PASSWORD", "", 1);
  ::unsetenv("SRE_TEST_NO_PASSWORD");
  ::unsetenv("CREDENTIALS_DIRECTORY");
}

Loaded Scratch::parse(std::string_view text) const { return parse_config(text, path("test.toml")); }

Config Scratch::parsed(std::string_view text) const {
  auto loaded = parse(text);
  if (loaded) return std::move(*loaded);
  ADD_FAILURE() << testing::PrintToString(errors(loaded));
  return {};
}

std::vector<std::string> Scratch::errors(const Loaded& loaded) const {
  std::vector<std::string> lines;
  if (loaded) return lines;
  for (const auto& error : loaded.error()) {
    lines.push_back(to_string(error));
    replace_all(lines.back(), folder_.path().native(), "DIR");
  }
  return lines;
}

std::vector<std::filesystem::path> toml_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string name_of_file(const testing::TestParamInfo<std::filesystem::path>& file) {
  return file.param.stem().native();
}

std::string with_credentials(std::string_view more_of_target) {
  return R"([credentials.corp]
username = "probe@example.com"
password_file = "secret"
hosts = ["*.example.com"]

[[target]]
name = "corp"
host = "smtp.example.com"
tls = "starttls"
credentials = "corp"
)" + std::string(more_of_target);
}

}  // namespace sre
