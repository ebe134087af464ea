#include "agent/metrics/catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "agent/metrics/metrics.h"
#include "tests/metrics/sample.h"

namespace sre {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// An exposition in which every family has a series.
std::string everything() {
  Metrics metrics(testing::small_sets(), testing::sample_build(), testing::sample_options());
  const auto login = testing::make_check("corp", "login");
  metrics.replace(std::array{login});
  const auto good = testing::full_run(login, 1min, "235 ok", Reason::ok);
  const auto bad = testing::full_run(login, 2min, "535 no", Reason::auth_credentials_invalid);
  auto standing = advance({}, good);
  metrics.observe(good, standing);
  metrics.observe(bad, advance(standing, bad));
  metrics.set_state_file_usable(true);
  return metrics.expose() + metrics.expose_probe(bad);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// The names between the braces of `sample`.
std::set<std::string> label_names(const std::string& sample) {
  std::set<std::string> names;
  const auto open = sample.find('{');
  if (open == std::string::npos) return names;
  std::size_t at = open + 1;
  while (sample[at] != '}') {
    const auto equals = sample.find("=\"", at);
    names.insert(sample.substr(at, equals - at));
    at = sample.find('"', equals + 2);
    while (sample[at - 1] == '\\') at = sample.find('"', at + 1);
    at += sample[at + 1] == ',' ? 2 : 1;
  }
  return names;
}

std::set<std::string> split_names(std::string_view list) {
  std::set<std::string> names;
  std::istringstream in{std::string(list)};
  for (std::string name; std::getline(in, name, ',');) {
    names.insert(name.substr(name.find_first_not_of(' ')));
  }
  return names;
}

TEST(Catalogue, HasHelpTextsThatNeedNoEscaping) {
  for (const auto& entry : catalogue()) {
    EXPECT_EQ(entry.help.find_first_of("\\\n\""), std::string_view::npos) << entry.name;
    EXPECT_TRUE(entry.help.ends_with('.')) << entry.name;
  }
}

TEST(Catalogue, NamesSayTheUnitAndWhatCounts) {
  std::set<std::string_view> names;
  for (const auto& entry : catalogue()) {
    EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
    EXPECT_EQ(entry.name.ends_with("_total"), entry.type == MetricType::counter) << entry.name;
    // blackbox_exporter's name has none.
    if (entry.unit.empty() || entry.id == Metric::probe_ssl_earliest_cert_expiry) continue;
    EXPECT_THAT(std::string(entry.name), HasSubstr("_" + std::string(entry.unit)));
  }
}

TEST(Catalogue, EveryFamilyIsExposedWithItsHelpAndTypeOnce) {
  const auto lines = lines_of(everything());
  std::map<std::string, int> seen;
  for (const auto& line : lines) ++seen[line];
  for (const auto& entry : catalogue()) {
    const std::string name(entry.name);
    // expose() and expose_probe() are two answers.
    const int answers = entry.in_probe && entry.scope != MetricScope::probe ? 2 : 1;
    EXPECT_EQ(seen["# HELP " + name + " " + std::string(entry.help)], answers) << name;
    EXPECT_EQ(seen["# TYPE " + name + " " + std::string(to_string(entry.type))], answers) << name;
  }
}

TEST(Catalogue, NothingIsExposedThatItDoesNotList) {
  std::set<std::string> listed;
  for (const auto& entry : catalogue()) listed.emplace(entry.name);
  for (const auto& line : lines_of(everything())) {
    if (!line.starts_with("# HELP ")) continue;
    EXPECT_TRUE(listed.contains(line.substr(7, line.find(' ', 7) - 7))) << line;
  }
}

TEST(Catalogue, SamplesCarryTheLabelsThatItLists) {
  const MetricFamily* current = nullptr;
  for (const auto& line : lines_of(everything())) {
    if (line.starts_with("# HELP ")) {
      const auto name = line.substr(7, line.find(' ', 7) - 7);
      for (const auto& entry : catalogue()) {
        if (entry.name == name) current = &entry;
      }
    }
    if (line.starts_with('#')) continue;
    ASSERT_NE(current, nullptr);
    EXPECT_THAT(line, StartsWith(std::string(current->name))) << "families are contiguous";
    auto wanted = split_names(current->labels);
    if (line.find("target=") != std::string::npos) {
      wanted.merge(split_names(scope_labels(current->scope)));
    }
    if (line.find("_bucket{") == std::string::npos) wanted.erase("le");
    EXPECT_EQ(label_names(line), wanted) << line;
  }
}

// docs/metrics.md has a section for each family: its name, a line with type, labels and unit, the
// help text, and an example in PromQL.
TEST(Catalogue, IsWhatTheDocumentSays) {
  std::ifstream file(std::string(SRE_SOURCE_DIR) + "/docs/metrics.md");
  std::map<std::string, std::string> sections;
  std::vector<std::string> order;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("### `")) {
      order.push_back(line.substr(5, line.size() - 6));
    } else if (line.starts_with("## ")) {
      order.emplace_back();
    }
    if (!order.empty()) sections[order.back()] += line + "\n";
  }
  std::erase(order, "");
  std::vector<std::string> names;
  for (const auto& entry : catalogue()) {
    const std::string name(entry.name);
    names.push_back(name);
    std::string facts = "*" + std::string(to_string(entry.type)) + "*";
    for (const auto labels : {scope_labels(entry.scope), entry.labels}) {
      if (!labels.empty()) facts += ", `" + std::string(labels) + "`";
    }
    if (!entry.unit.empty()) facts += ", " + std::string(entry.unit);
    const auto& section = sections[name];
    EXPECT_THAT(section,
                StartsWith("### `" + name + "`\n" + facts + "\n\n" + std::string(entry.help)));
    EXPECT_THAT(section, HasSubstr("```promql\n")) << name;
    EXPECT_THAT(section.substr(section.find("```promql")), HasSubstr(name));
  }
  EXPECT_EQ(order, names) << "sections stand in the order of the exposition";
}

}  // namespace
}  // namespace sre
