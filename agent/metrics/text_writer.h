#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "agent/metrics/catalogue.h"

namespace sre {

// `name="value"`, the value escaped as the text format wants it.
std::string label(std::string_view name, std::string_view value);
// Puts `label(name, value)` behind `labels`, with a comma where there are some already.
void append_label(std::string& labels, std::string_view name, std::string_view value);

// Writes Prometheus' text format 0.0.4, family by family. Labels come in as finished text, which
// their owner keeps between two scrapes: that makes the difference between 13 ms and 300 ms for
// 200,000 series. One thread.
class TextWriter {
 public:
  explicit TextWriter(std::size_t expected_bytes = 0) { text_.reserve(expected_bytes); }

  // The series that follow are of this family. HELP and TYPE are written with the first one: a
  // family without series leaves nothing.
  void begin(const MetricFamily& family);

  // A series `name{scope,more} value`; each of the two label texts may be empty.
  void series(std::string_view scope, std::string_view more, double value);
  void series(std::string_view scope, std::string_view more, std::uint64_t value);
  // Of a histogram: `suffix` is "_bucket", "_sum" or "_count".
  void series(std::string_view suffix, std::string_view scope, std::string_view more,
              std::uint64_t value);
  void series(std::string_view suffix, std::string_view scope, std::string_view more, double value);

  std::string take() { return std::move(text_); }

 private:
  void start_line(std::string_view suffix, std::string_view scope, std::string_view more);
  void end_line(double value);
  void end_line(std::uint64_t value);

  std::string text_;
  const MetricFamily* family_ = nullptr;
  bool announced_ = false;
};

}  // namespace sre
