#include "agent/knowledge/pattern_index.h"

namespace sre {
namespace {

// Shorter words occur in every second text and would rule nothing out.
constexpr int kShortestWord = 3;
// For each pattern: what it needs is found while texts are read, and kept within this. Of 400,000
// replies made of the rules' own words in random order all patterns together kept some 40 MB.
constexpr std::int64_t kPatternBytes = std::int64_t{8} << 20;

}  // namespace

RE2::Options pattern_options() {
  RE2::Options options;
  options.set_case_sensitive(false);
  options.set_encoding(RE2::Options::EncodingLatin1);
  options.set_log_errors(false);
  options.set_max_mem(kPatternBytes);
  options.set_never_capture(true);
  return options;
}

PatternIndex::PatternIndex(const std::vector<std::string>& patterns) : patterns_(kShortestWord) {
  int number = 0;
  for (const auto& pattern : patterns) patterns_.Add(pattern, pattern_options(), &number);
  std::vector<std::string> words;
  patterns_.Compile(&words);
  words_.emplace(words);
}

std::vector<int> PatternIndex::candidates(std::string_view text) const {
  std::vector<int> candidates;
  patterns_.AllPotentials(words_->found_in(text), &candidates);
  return candidates;
}

bool PatternIndex::fits(int number, std::string_view text) const {
  return RE2::PartialMatch({text.data(), text.size()}, patterns_.GetRE2(number));
}

}  // namespace sre
