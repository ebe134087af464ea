#pragma once

#include <CLI/App.hpp>
#include <string>
#include <string_view>

namespace sre {

// The text of --help for the program or one of its commands: a usage line, the commands, the flags
// with what each takes, as exporters show theirs.
std::string help_text(const CLI::App& app);

// True when `flag`, one of those before the commands ("--config.file"), means something to the
// command `name`.
bool takes_flag(std::string_view name, std::string_view flag);

// What is wrong with an argument that nothing takes, with the name that is nearest to it.
std::string unknown_argument(const CLI::App& app, const std::string& argument);

}  // namespace sre
