#include <set>
#include <sstream>

#include "agent/config/keys.h"
#include "tests/config/scratch.h"

namespace sre {
namespace {

class Example : public Scratch, public testing::WithParamInterface<std::filesystem::path> {
 protected:
  // The examples name their secrets and certificates in these ways; here each has its file.
  void provide_files(const std::string& text) const {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      for (const std::string_view key : {"password_file = \"", "ca_file = \"", "credential = \""}) {
        if (!line.starts_with(key)) continue;
        const auto name = line.substr(key.size(), line.find('"', key.size()) - key.size());
        write(name, kPassword);
        write("systemd/" + name, kPassword);
      }
    }
    ::setenv("CREDENTIALS_DIRECTORY", path("systemd").c_str(), 1);
    ::setenv("SMTP_PASSWORD", std::string(kPassword).c_str(), 1);
  }
};

TEST_P(Example, LoadsAndHasChecks) {
  const auto text = read_text(GetParam());
  provide_files(text);
  EXPECT_FALSE(parsed(text).checks.empty());
}

std::vector<std::filesystem::path> examples() {
  auto files = toml_files(source("config/examples"));
  files.push_back(source("config/smtp_reply_exporter.toml"));
  return files;
}

INSTANTIATE_TEST_SUITE_P(Config, Example, testing::ValuesIn(examples()), name_of_file);

// A key, in use or commented out, stands at the start of a line; a table under its header.
std::set<std::string> keys_below(const std::string& text, const std::string& header) {
  std::set<std::string> keys;
  std::istringstream lines(text);
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# ")) line.erase(0, 2);
    if (line.starts_with("[")) inside = line.starts_with(header);
    const auto equals = line.find(" = ");
    if (inside && equals != std::string::npos) keys.insert(line.substr(0, equals));
  }
  return keys;
}

TEST(AnnotatedExample, ShowsEveryKey) {
  const auto text = read_text(source("config/smtp_reply_exporter.toml"));
  const std::vector<std::pair<TableId, std::string>> headers = {
      {TableId::agent, "[agent]"},
      {TableId::credentials, "[credentials."},
      {TableId::target, "[[target]]"},
      {TableId::check, "[[target.check]]"},
      {TableId::module, "[probe.module."}};
  for (const auto& [table, header] : headers) {
    const auto shown_keys = keys_below(text, header);
    for (const auto& key : keys_of(table)) {
      if (key.type == ValueType::tables) continue;  // shown by its own header
      EXPECT_TRUE(shown_keys.contains(std::string(key.name))) << header << " " << key.name;
    }
  }
}

}  // namespace
}  // namespace sre
