#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <system_error>

#include "agent/base/problems.h"
#include "agent/config/config.h"
#include "agent/config/sections.h"

namespace sre {
namespace {

std::string folder_of(const std::string& file) {
  std::error_code ignored;
  const auto path = std::filesystem::absolute(file, ignored).parent_path();
  return path.empty() ? "/" : path.native();
}

// Names are compared as they are written: labels and URLs tell "a" from "A" too.
void read_targets(TableReader& root, const Context& context, Config& config) {
  const auto* tables = root.find("target");
  if (tables == nullptr) return;
  std::set<std::string> names;
  for (const auto& table : tables->items) {
    auto entry = read_target(table, context);
    const auto* name = table.find("name");
    if (!entry.target->name.empty() && !names.insert(entry.target->name).second) {
      context.problems.add(
          name->place, fmt::format("there is a target {} already; give one of them another name",
                                   in_quotes(entry.target->name)));
    }
    config.targets.push_back(std::move(entry.target));
    config.checks.insert(config.checks.end(), entry.checks.begin(), entry.checks.end());
  }
}

void read_modules(TableReader& root, const Context& context, Config& config) {
  const auto* probe = root.find("probe");
  if (probe == nullptr) return;
  const TableReader table(*probe, TableId::probe, context.problems);
  const auto* modules = table.find("module");
  if (modules == nullptr) return;
  for (const auto& module : modules->items) {
    if (module.type == Node::Type::table) {
      config.modules.push_back(read_module(module, context));
    } else {
      context.problems.add(module.key_place,
                           fmt::format("{} stands in [probe.module] itself; modules have names: "
                                       "write it below [probe.module.NAME]",
                                       in_quotes(module.key)));
    }
  }
}

tl::unexpected<std::vector<ConfigError>> only_error(const std::string& file, Place place,
                                                    std::string message) {
  return tl::unexpected(std::vector<ConfigError>{{file, place, std::move(message)}});
}

std::string unreadable(int error_number) {
  const auto* cure = error_number == EACCES ? "the user that this runs as must be able to"
                                            : "name a file that exists with --config.file";
  return fmt::format("cannot read the configuration: {}; {}",
                     std::generic_category().message(error_number), cure);
}

}  // namespace

Loaded parse_config(std::string_view text, const std::string& file) {
  const auto document = parse_toml(text);
  if (!document) return only_error(file, document.error().place, document.error().message);
  // In this order: targets look up credentials, and all have defaults from the agent.
  Problems problems(file);
  Context context{folder_of(file), {}, {}, problems};
  TableReader root(*document, TableId::root, problems);
  Config config;
  config.file = file;
  config.agent = read_agent(root.find("agent"), context);
  config.credentials = read_credentials(root.find("credentials"), context);
  read_targets(root, context, config);
  read_modules(root, context, config);
  if (!problems.none()) return tl::unexpected(problems.sorted());
  return config;
}

Loaded load_config(const std::string& file) {
  // A folder can be opened as well as a file, and reads as an empty one. A pipe is as good as a
  // file.
  std::error_code ignored;
  const bool folder = std::filesystem::is_directory(file, ignored);
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  if (!in.is_open() || folder) return only_error(file, {}, unreadable(folder ? EISDIR : errno));
  std::ostringstream text;
  text << in.rdbuf();
  if (in.bad()) return only_error(file, {}, "reading the configuration failed half-way");
  return parse_config(text.str(), file);
}

}  // namespace sre
