#include "agent/record/failure_shelf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "agent/record/kept_run.h"
#include "tests/record/runs.h"

namespace sre {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using testing::failed;
using ::testing::IsEmpty;

const CheckPtr kCheck = testing::make_check("corp", "login");

TEST(FailureShelf, TheOldestOfAllChecksGoesFirst) {
  FailureShelf shelf({.per_check = 3, .runs = 3, .bytes = 1 << 20});
  const auto first = failed(kCheck, 1min);
  const auto second = failed(kCheck, 2min);
  shelf.put("a", first);
  shelf.put("b", second);
  shelf.put("c", second);
  shelf.put("c", first);
  EXPECT_EQ(shelf.size(), 3U);
  EXPECT_THAT(shelf.of("a"), IsEmpty());
  EXPECT_THAT(shelf.of("b"), ElementsAre(second));
  EXPECT_THAT(shelf.of("c"), ElementsAre(first, second));
}

TEST(FailureShelf, IsBoundedInBytesHoweverManyChecksFail) {
  const auto run = failed(kCheck, 1min);
  const auto limit = 100 * text_size(*run);
  FailureShelf shelf({.per_check = 3, .runs = 100'000, .bytes = limit});
  for (int i = 0; i < 5'000; ++i) shelf.put(std::to_string(i), run);
  EXPECT_EQ(shelf.size(), 100U);
  EXPECT_LE(shelf.bytes(), limit);
  EXPECT_THAT(shelf.of("4999"), ElementsAre(run));
}

TEST(FailureShelf, KeepsTheNewestEvenWhereItAloneIsTooLarge) {
  FailureShelf shelf({.per_check = 3, .runs = 10, .bytes = 1});
  const auto run = failed(kCheck, 1min);
  shelf.put("a", failed(kCheck, 0min));
  shelf.put("a", run);
  EXPECT_THAT(shelf.of("a"), ElementsAre(run));
}

TEST(FailureShelf, ForgetsACheckWhole) {
  FailureShelf shelf;
  shelf.put("a", failed(kCheck, 1min));
  shelf.put("a", failed(kCheck, 2min));
  shelf.put("b", failed(kCheck, 3min));
  shelf.forget("a");
  shelf.forget("never seen");
  EXPECT_THAT(shelf.of("a"), IsEmpty());
  EXPECT_EQ(shelf.size(), 1U);
  shelf.forget("b");
  EXPECT_EQ(shelf.bytes(), 0U);
}

}  // namespace
}  // namespace sre
