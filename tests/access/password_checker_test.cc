#include "agent/access/password_checker.h"

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <vector>

#include "tests/access/folder.h"

namespace sre {
namespace {

using Answer = PasswordChecker::Answer;

const Secret kRight{std::string(test::kPassword)};
const Secret kWrong{std::string(test::kOtherPassword)};
const std::string kHash{test::kHash};
Secret guess(std::size_t number) { return Secret("guess " + std::to_string(number)); }

class PasswordCheckerTest : public testing::Test {
 protected:
  std::future<Answer> ask(const Secret& password, const std::string& hash,
                          const std::string& client = "192.0.2.1") {
    auto answer = std::make_shared<std::promise<Answer>>();
    checker.ask(password, hash, client, [answer](Answer given) { answer->set_value(given); });
    return answer->get_future();
  }

  // Keeps the checker from all further work until it is let go.
  void hold(const std::string& hash = kHash) {
    std::promise<void> held;
    checker.ask(kRight, hash, "holder", [&held, go = go_.get_future().share()](Answer) {
      held.set_value();
      go.wait();
    });
    held.get_future().wait();
  }
  void let_go() { go_.set_value(); }

  PasswordChecker checker;

 private:
  std::promise<void> go_;
};

TEST_F(PasswordCheckerTest, AnswersRightAndWrong) {
  EXPECT_EQ(ask(kRight, kHash).get(), Answer::right);
  EXPECT_EQ(ask(kWrong, kHash).get(), Answer::wrong);
}

TEST_F(PasswordCheckerTest, RemembersWhatWasRight) {
  EXPECT_FALSE(checker.remembers(kRight, kHash));
  ask(kRight, kHash).get();
  EXPECT_TRUE(checker.remembers(kRight, kHash));
}

TEST_F(PasswordCheckerTest, RemembersItForThatHashAlone) {
  ask(kRight, kHash).get();
  EXPECT_FALSE(checker.remembers(kRight, std::string(test::kOtherHash)));
}

TEST_F(PasswordCheckerTest, RemembersNothingThatWasWrong) {
  ask(kWrong, kHash).get();
  EXPECT_FALSE(checker.remembers(kWrong, kHash));
}

TEST_F(PasswordCheckerTest, LetsOnlyAFewQuestionsOfAClientWait) {
  hold();
  std::vector<std::future<Answer>> waiting;
  while (waiting.size() < 8) waiting.push_back(ask(guess(waiting.size()), kHash, "guesser"));
  EXPECT_EQ(ask(kWrong, kHash, "guesser").get(), Answer::busy);
  auto other = ask(kRight, kHash, "somebody else");
  let_go();
  EXPECT_EQ(other.get(), Answer::right);
  for (auto& answer : waiting) EXPECT_EQ(answer.get(), Answer::wrong);
  EXPECT_EQ(ask(kRight, kHash, "guesser").get(), Answer::right);
}

// As when a Prometheus comes with many scrapes at once after a start.
TEST_F(PasswordCheckerTest, ComparesOnceForAllWhoAskTheSame) {
  hold(std::string(test::kOtherHash));
  std::vector<std::future<Answer>> waiting;
  while (waiting.size() < 100) waiting.push_back(ask(kRight, kHash, "prometheus"));
  let_go();
  for (auto& answer : waiting) EXPECT_EQ(answer.get(), Answer::right);
}

TEST_F(PasswordCheckerTest, LetsOnlySoManyWaitInAll) {
  hold();
  std::vector<std::future<Answer>> waiting;
  while (waiting.size() < 64) {
    waiting.push_back(ask(guess(waiting.size()), kHash, std::to_string(waiting.size())));
  }
  EXPECT_EQ(ask(kRight, kHash, "one more").get(), Answer::busy);
  let_go();
  for (auto& answer : waiting) EXPECT_EQ(answer.get(), Answer::wrong);
}

// Whoever waits holds a connection, which must be gone before its server is.
TEST_F(PasswordCheckerTest, LetsGoOfWhatWaitsWhenItStops) {
  const auto held = std::make_shared<int>();
  for (std::size_t i = 0; i < 8; ++i) {
    checker.ask(guess(i), kHash, "waiting", [held](Answer) {});
  }
  checker.stop();
  EXPECT_EQ(held.use_count(), 1);
}

}  // namespace
}  // namespace sre
