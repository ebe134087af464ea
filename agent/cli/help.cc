#include "agent/cli/help.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "agent/base/text.h"

namespace sre {
namespace {

constexpr std::size_t kHelpColumn = 32;

// "  NAME      help", the help on a line of its own behind a long name.
std::string row(const std::string& name, const std::string& help) {
  if (name.size() + 2 > kHelpColumn) {
    return fmt::format("{}\n{:{}}{}\n", name, "", kHelpColumn, help);
  }
  return fmt::format("{:<{}}{}\n", name, kHelpColumn, help);
}

// "  -h, --help", "      --config.file=FILE".
std::string flag_name(const CLI::Option& option) {
  const auto& shorts = option.get_snames();
  const auto start = shorts.empty() ? std::string("      ") : "  -" + shorts.front() + ", ";
  return start + "--" + option.get_lnames().front() + option.get_option_text();
}

bool is_flag(const CLI::Option& option) { return !option.get_lnames().empty(); }

std::string flags_of(const CLI::App& app) {
  std::string text;
  for (const auto* option : app.get_options()) {
    if (is_flag(*option)) text += row(flag_name(*option), option->get_description());
  }
  if (app.get_parent() == nullptr) return text;
  for (const auto* option : app.get_parent()->get_options()) {
    if (is_flag(*option) && takes_flag(app.get_name(), "--" + option->get_lnames().front())) {
      text += row(flag_name(*option), option->get_description());
    }
  }
  return text;
}

std::string usage_of(const CLI::App& app) {
  const auto* parent = app.get_parent();
  if (parent == nullptr) return app.get_name() + " [COMMAND] [FLAG]...";
  std::string usage = parent->get_name() + " " + app.get_name() + " [FLAG]...";
  for (const auto* option : app.get_options()) {
    if (!is_flag(*option)) usage += " " + option->get_option_text();
  }
  return usage;
}

}  // namespace

bool takes_flag(std::string_view name, std::string_view flag) {
  if (flag.starts_with("--log.")) return true;
  if (name == "serve") return flag != "--version" && flag != "--help";
  if (name == "demo") return flag.starts_with("--web.");
  return name == "check" && flag == "--config.file";
}

std::string help_text(const CLI::App& app) {
  std::string text = fmt::format("Usage: {}\n\n{}\n", usage_of(app), app.get_description());
  const auto commands = app.get_subcommands([](const CLI::App*) { return true; });
  if (!commands.empty()) text += "\nCommands:\n";
  for (const auto* command : commands) {
    text += row("  " + command->get_name(), command->get_description());
  }
  bool titled = false;
  for (const auto* option : app.get_options()) {
    if (is_flag(*option)) continue;
    if (!titled) text += "\nArguments:\n";
    titled = true;
    text += row("  " + option->get_option_text(), option->get_description());
  }
  text += "\nFlags:\n" + flags_of(app);
  if (app.get_parent() == nullptr) {
    text += fmt::format("\n\"{} COMMAND --help\" shows the flags of a command.\n", app.get_name());
  }
  return text;
}

std::string unknown_argument(const CLI::App& app, const std::string& argument) {
  const bool flag = argument.starts_with('-');
  const auto chosen = app.get_subcommands();
  std::vector<std::string> names;
  if (flag) {
    for (const auto* option : app.get_options()) {
      const auto name = "--" + option->get_lnames().front();
      if (chosen.empty() || takes_flag(chosen.front()->get_name(), name)) names.push_back(name);
    }
    for (const auto* command : chosen) {
      for (const auto* option : command->get_options()) {
        if (is_flag(*option)) names.push_back("--" + option->get_lnames().front());
      }
    }
  } else if (chosen.empty()) {
    for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; })) {
      names.push_back(command->get_name());
    }
  }
  const auto word = argument.substr(0, argument.find('='));
  const auto near = nearest(word, std::vector<std::string_view>(names.begin(), names.end()));
  const auto* what = flag ? "flag" : chosen.empty() ? "command" : "argument";
  return fmt::format("unknown {} \"{}\"{}", what, printable(word),
                     near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near));
}

}  // namespace sre
