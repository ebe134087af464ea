#include "agent/session/trust_store.h"

#include <gmock/gmock.h>

#include "tests/base/files.h"
#include "tests/session/made_certificate.h"

namespace sre {
namespace {

using testing::HasSubstr;

class TrustStoresTest : public testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& text) const {
    return folder_.write(name, text);
  }
  static std::string root() {
    return to_pem(make_certificate("root", "20260101000000Z", "20360101000000Z").get());
  }
  static int size(X509_STORE* store) { return sk_X509_OBJECT_num(X509_STORE_get0_objects(store)); }

  test::ScratchFolder folder_;
  TrustStores stores_;
};

TEST_F(TrustStoresTest, ReadsEveryRootInAFile) {
  const auto store = stores_.get(file("roots.pem", root() + root()));
  ASSERT_TRUE(store.has_value()) << store.error().message;
  EXPECT_EQ(size(*store), 2);
}

TEST_F(TrustStoresTest, NamesAFileThatIsMissing) {
  const auto path = folder_ / "missing.pem";
  const auto store = stores_.get(path);
  ASSERT_FALSE(store.has_value());
  EXPECT_THAT(store.error().message, HasSubstr(path));
}

TEST_F(TrustStoresTest, NamesAFileThatIsNoPemAndSaysWhatItMustHold) {
  for (const auto* text : {"", "this is no certificate\n",
                           "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}) {
    const auto path = file("bad.pem", text);
    const auto store = stores_.get(path);
    ASSERT_FALSE(store.has_value()) << text;
    EXPECT_THAT(store.error().message, HasSubstr(path));
    EXPECT_THAT(store.error().message, HasSubstr("PEM"));
  }
}

TEST_F(TrustStoresTest, DoesNotRememberAFailure) {
  const auto path = file("late.pem", "");
  ASSERT_FALSE(stores_.get(path).has_value());
  file("late.pem", root());
  EXPECT_TRUE(stores_.get(path).has_value());
}

TEST_F(TrustStoresTest, ReadsAFileOnceUntilToldToForget) {
  const auto path = file("roots.pem", root());
  X509_STORE* first = stores_.get(path).value();
  file("roots.pem", root() + root());
  EXPECT_EQ(stores_.get(path).value(), first);
  EXPECT_EQ(size(first), 1);
  stores_.forget();
  EXPECT_EQ(size(stores_.get(path).value()), 2);
}

TEST_F(TrustStoresTest, LeavesAStoreToWhoeverTookAShareOfIt) {
  X509_STORE* taken = stores_.get(file("roots.pem", root())).value();
  X509_STORE_up_ref(taken);
  const X509Store share(taken);
  stores_.forget();
  EXPECT_EQ(size(share.get()), 1);
}

TEST_F(TrustStoresTest, TakesTheSystemsRootsWhereNoFileIsNamed) {
  EXPECT_TRUE(stores_.get("").has_value());
}

}  // namespace
}  // namespace sre
