#include "agent/base/log.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <memory>
#include <nlohmann/json.hpp>

#include "agent/base/clock.h"
#include "agent/base/text.h"

namespace sre::log {
namespace {

struct Settings {
  std::atomic<Level> level = Level::info;
  std::atomic<Format> format = Format::logfmt;
};

Settings& settings() {
  static Settings instance;
  return instance;
}

spdlog::logger& sink() {
  static const auto logger = [] {
    auto made =
        std::make_shared<spdlog::logger>("log", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%v");
    made->set_level(spdlog::level::trace);
    return made;
  }();
  return *logger;
}

std::string_view name_of(Level level) {
  switch (level) {
    case Level::debug:
      return "debug";
    case Level::info:
      return "info";
    case Level::warn:
      return "warn";
    case Level::error:
      return "error";
  }
  return "info";
}

// A value stands bare where logfmt allows it, else between quotes.
std::string logfmt_value(std::string_view raw) {
  const std::string text = printable(raw);
  const bool bare = !text.empty() && text.find_first_of(" \t\"=\\") == std::string::npos;
  if (bare) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

std::string timestamp() {
  const auto now = system_clock().wall();
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch());
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(ms);
  return fmt::format("{:%FT%T}.{:03}Z", fmt::gmtime(static_cast<std::time_t>(seconds.count())),
                     (ms - seconds).count());
}

}  // namespace

Field::Field(std::string_view k, double v) : key(k), value(fmt::format("{:.6g}", v)) {}

void configure(Level level, Format format) {
  settings().level = level;
  settings().format = format;
}

bool enabled(Level level) { return level >= settings().level.load(); }

std::string render(Format format, Level level, std::string_view message, const Fields& fields) {
  if (format == Format::json) {
    nlohmann::ordered_json line;
    line["level"] = name_of(level);
    line["msg"] = printable(message);
    for (const auto& field : fields) line[std::string(field.key)] = printable(field.value);
    return line.dump();
  }
  std::string line = fmt::format("level={} msg={}", name_of(level), logfmt_value(message));
  for (const auto& field : fields) {
    line += fmt::format(" {}={}", field.key, logfmt_value(field.value));
  }
  return line;
}

void write(Level level, std::string_view message, const Fields& fields) noexcept {
  if (!enabled(level)) return;
  try {
    const Format format = settings().format;
    const std::string line = render(format, level, message, fields);
    if (format == Format::json) {
      sink().info("{{\"ts\":\"{}\",{}", timestamp(), std::string_view(line).substr(1));
    } else {
      sink().info("ts={} {}", timestamp(), line);
    }
  } catch (...) {
    // Nothing to tell, and nobody to tell it to.
  }
}

}  // namespace sre::log
