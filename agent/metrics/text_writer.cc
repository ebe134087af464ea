#include "agent/metrics/text_writer.h"

#include <array>
#include <charconv>
#include <cmath>

namespace sre {
namespace {

void append_escaped(std::string& out, std::string_view value) {
  for (const char c : value) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '\\' || c == '"') out += '\\';
    out += c;
  }
}

}  // namespace

std::string label(std::string_view name, std::string_view value) {
  std::string text;
  append_label(text, name, value);
  return text;
}

void append_label(std::string& labels, std::string_view name, std::string_view value) {
  if (!labels.empty()) labels += ',';
  labels += name;
  labels += "=\"";
  append_escaped(labels, value);
  labels += '"';
}

void TextWriter::begin(const MetricFamily& family) {
  family_ = &family;
  announced_ = false;
}

void TextWriter::series(std::string_view scope, std::string_view more, double value) {
  series({}, scope, more, value);
}

void TextWriter::series(std::string_view scope, std::string_view more, std::uint64_t value) {
  series({}, scope, more, value);
}

void TextWriter::series(std::string_view suffix, std::string_view scope, std::string_view more,
                        std::uint64_t value) {
  start_line(suffix, scope, more);
  end_line(value);
}

void TextWriter::series(std::string_view suffix, std::string_view scope, std::string_view more,
                        double value) {
  start_line(suffix, scope, more);
  end_line(value);
}

void TextWriter::start_line(std::string_view suffix, std::string_view scope,
                            std::string_view more) {
  if (!announced_) {
    announced_ = true;
    // The catalogue's help texts need no escaping (a test sees to it).
    text_.append("# HELP ").append(family_->name).append(" ").append(family_->help);
    text_.append("\n# TYPE ").append(family_->name).append(" ");
    text_.append(to_string(family_->type)).append("\n");
  }
  text_ += family_->name;
  text_ += suffix;
  if (scope.empty() && more.empty()) {
    text_ += ' ';
    return;
  }
  text_ += '{';
  text_ += scope;
  if (!scope.empty() && !more.empty()) text_ += ',';
  text_ += more;
  text_ += "} ";
}

void TextWriter::end_line(double value) {
  // Whole numbers in full: 1767323045, where the shortest form would be 1.767323045e+09.
  constexpr double kExact = 9007199254740992.0;
  if (value >= 0 && value < kExact && std::trunc(value) == value) {
    end_line(static_cast<std::uint64_t>(value));
    return;
  }
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  text_.append(digits.data(), end);
  text_ += '\n';
}

void TextWriter::end_line(std::uint64_t value) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  text_.append(digits.data(), end);
  text_ += '\n';
}

}  // namespace sre
