#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sre::log {

enum class Level { debug, info, warn, error };
enum class Format { logfmt, json };

// One `key=value` of a log line. Text from the wire goes through printable() here, so a log line is
// always one line of valid UTF-8.
struct Field {
  Field(std::string_view k, std::string_view v) : key(k), value(v) {}
  Field(std::string_view k, const std::string& v) : key(k), value(v) {}
  Field(std::string_view k, const char* v) : key(k), value(v) {}
  Field(std::string_view k, bool v) : key(k), value(v ? "true" : "false") {}
  Field(std::string_view k, int v) : key(k), value(std::to_string(v)) {}
  Field(std::string_view k, std::size_t v) : key(k), value(std::to_string(v)) {}
  Field(std::string_view k, double v);

  std::string_view key;
  std::string value;
};

using Fields = std::vector<Field>;

// Sets what is written to standard error and how. Before the first call: info, logfmt.
void configure(Level level, Format format);
bool enabled(Level level);

// Writes one line. Thread-safe; never throws (a full disk loses the line, not the program).
void write(Level level, std::string_view message, const Fields& fields = {}) noexcept;

inline void debug(std::string_view m, const Fields& f = {}) { write(Level::debug, m, f); }
inline void info(std::string_view m, const Fields& f = {}) { write(Level::info, m, f); }
inline void warn(std::string_view m, const Fields& f = {}) { write(Level::warn, m, f); }
inline void error(std::string_view m, const Fields& f = {}) { write(Level::error, m, f); }

// The line's text without its time, for tests and for write().
std::string render(Format format, Level level, std::string_view message, const Fields& fields);

}  // namespace sre::log
