#include "agent/base/fault.h"

#include <gmock/gmock.h>

#include <boost/system/system_error.hpp>
#include <cerrno>
#include <new>
#include <system_error>

namespace sre {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Fault, SaysWhatToDoWhereFilesRunOutWhoeverThrowsIt) {
  EXPECT_THAT(describe(std::system_error(EMFILE, std::system_category())),
              HasSubstr("LimitNOFILE"));
  EXPECT_THAT(describe(std::system_error(EMFILE, std::generic_category())),
              HasSubstr("LimitNOFILE"));
  // As Asio throws it.
  EXPECT_THAT(describe(boost::system::system_error(EMFILE, boost::system::system_category())),
              HasSubstr("LimitNOFILE"));
  EXPECT_THAT(describe(boost::system::system_error(EMFILE, boost::system::generic_category())),
              HasSubstr("LimitNOFILE"));
}

TEST(Fault, TakesNoOtherNumberForAnErrno) {
  const auto error = std::system_error(EMFILE, std::iostream_category());
  EXPECT_THAT(describe(error), Not(HasSubstr("LimitNOFILE")));
}

TEST(Fault, CallsABadAllocALackOfMemory) {
  EXPECT_EQ(describe(std::bad_alloc()), "this machine is out of memory");
}

}  // namespace
}  // namespace sre
