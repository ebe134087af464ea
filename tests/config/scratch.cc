#include "tests/config/scratch.h"

#include <stdlib.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace sre {
namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

}  // namespace

Scratch::Scratch() {
  std::string name = (std::filesystem::temp_directory_path() / "sre-config-XXXXXX").native();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no scratch folder");
  folder_ = name;
  std::filesystem::create_directory(folder_ / "folder");
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

Scratch::~Scratch() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void Scratch::write(std::string_view name, std::string_view text, unsigned mode) const {
  const auto file = folder_ / name;
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
  std::filesystem::permissions(file, static_cast<std::filesystem::perms>(mode));
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
    replace_all(lines.back(), folder_.native(), "DIR");
  }
  return lines;
}

std::string read_text(const std::filesystem::path& file) {
  std::ostringstream text;
  std::ifstream in(file, std::ios::binary);
  if (!in.is_open()) throw std::runtime_error("cannot read " + file.native());
  text << in.rdbuf();
  return text.str();
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
