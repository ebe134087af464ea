#include "agent/base/secret.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <concepts>
#include <ostream>
#include <type_traits>

namespace sre {
namespace {

template <class T>
concept Streamable = requires(std::ostream& out, const T& value) {
  out << value;
};

TEST(Secret, HasNoWayToBePrintedOrConverted) {
  static_assert(!Streamable<Secret>);
  static_assert(!fmt::is_formattable<Secret>::value);
  static_assert(!std::is_convertible_v<Secret, std::string>);
  static_assert(!std::is_convertible_v<Secret, std::string_view>);
  static_assert(!std::is_convertible_v<std::string, Secret>);
  SUCCEED() << "the assertions above are the test";
}

TEST(Secret, LeavesNothingBehindWhenMovedFrom) {
  Secret first("correct horse battery staple");
  const Secret second(std::move(first));
  EXPECT_EQ(second.reveal(), "correct horse battery staple");
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): what is left is the question
}

TEST(Secret, LeavesNothingOfAShortOneBehindEither) {
  Secret first("pear-tree");
  const Secret second(std::move(first));
  first = Secret("fig");  // NOLINT(bugprone-use-after-move)
  const std::string_view bytes(reinterpret_cast<const char*>(&first), sizeof first);
  EXPECT_EQ(bytes.find("tree"), std::string_view::npos);
}

}  // namespace
}  // namespace sre
