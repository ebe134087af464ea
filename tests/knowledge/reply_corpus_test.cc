// How often a reply gets the reason that it should get. The rules were written with these replies
// in sight, so the figure is better than that for replies never seen; what it is for is to show
// what a change of the rules does to all the others.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iostream>

#include "agent/knowledge/knowledge.h"
#include "agent/knowledge/table.h"

namespace sre {
namespace {

struct Labelled {
  std::vector<std::string_view> reasons;  // the best one first
  std::optional<Phase> phase;
  std::string_view reply;
};

KnowledgeFile corpus_file() {
  std::ifstream in(SRE_SOURCE_DIR "/tests/knowledge/replies.tsv");
  return {"replies.tsv", {std::istreambuf_iterator<char>(in), {}}, "replies.tsv"};
}

TEST(ReplyCorpus, GetsTheReasonsThatItShould) {
  TableErrors problems;
  const auto rows = read_table(corpus_file(), {"reasons", "phase", "reply"}, problems);
  ASSERT_TRUE(problems.empty()) << problems.front();
  ASSERT_GE(rows.size(), 1500U);
  std::size_t exact = 0;
  std::size_t accepted = 0;
  for (const auto& row : rows) {
    const Labelled labelled{split(row[0], '|'), parse_phase(row[1]), row[2]};
    const auto got =
        Knowledge::built_in()->classify(labelled.phase, Reply::from_text(labelled.reply));
    const auto& wanted = labelled.reasons;
    ASSERT_TRUE(parse_reason(wanted.front())) << row.place << " " << row[0];
    if (to_string(got.reason) == wanted.front()) ++exact;
    if (std::find(wanted.begin(), wanted.end(), to_string(got.reason)) != wanted.end()) {
      ++accepted;
    } else {
      std::cout << row.place << ": " << to_string(got.reason) << " by " << got.rule_id
                << " instead of " << row[0] << ": " << row[2] << "\n";
    }
  }
  const auto percent = [&](std::size_t count) {
    return 100.0 * static_cast<double>(count) / static_cast<double>(rows.size());
  };
  std::cout << rows.size() << " replies: " << percent(exact) << " % exact, " << percent(accepted)
            << " % accepted\n";
  EXPECT_GE(percent(exact), 96.0);
  EXPECT_GE(percent(accepted), 98.5);
}

}  // namespace
}  // namespace sre
