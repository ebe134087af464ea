#include "agent/access/door.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <utility>

#include "tests/access/folder.h"

namespace sre {
namespace {

using namespace std::chrono_literals;
using test::Folder;
using testing::HasSubstr;

class SteppedClock final : public Clock {
 public:
  Instant now() const noexcept override { return now_; }
  WallTime wall() const noexcept override { return {}; }
  void step(Duration by) { now_ += by; }

 private:
  Instant now_{};
};

const std::string kTls = "tls_server_config: {cert_file: server.pem, key_file: server.key}\n";
const std::string kMutualTls =
    "tls_server_config: {cert_file: server.pem, key_file: server.key, client_ca_file: ca.pem,\n"
    "                    client_auth_type: RequireAndVerifyClientCert}\n";
const std::string kBlockTls =
    "tls_server_config:\n  cert_file: server.pem\n  key_file: server.key\n"
    "  client_ca_file: ca.pem\n  client_auth_type: RequireAndVerifyClientCert\n"
    "  client_allowed_sans:\n    - prometheus.example.test\n    - 192.0.2.7\n";
const std::string kAlice = "basic_auth_users: {alice: " + std::string(test::kHash) + "}\n";
const std::string kBob = "basic_auth_users: {bob: " + std::string(test::kOtherHash) + "}\n";

class DoorTest : public Folder {
 protected:
  void open(std::string_view text) {
    write("web.yml", text);
    auto opened = Door::open(path("web.yml"), clock);
    ASSERT_TRUE(opened) << opened.error().message;
    door = std::move(*opened);
  }

  // Who may come in when the file has been this for two looks.
  std::string users_after(std::string_view text) {
    write("web.yml", text);
    return users_later();
  }
  std::string users_later() {
    look();
    look();
    std::string names;
    for (const auto& [name, hash] : door->access()->config.users) names += name + " ";
    return names;
  }
  void look() { door->look(); }
  Result<void> reload() {
    auto next = door->read();
    if (!next) return tl::unexpected(std::move(next.error()));
    door->take(std::move(*next));
    return {};
  }

  SteppedClock clock;
  std::unique_ptr<Door> door;
};

TEST_F(DoorTest, IsOpenWithoutAFile) {
  const auto opened = Door::open("", clock);
  ASSERT_TRUE(opened);
  (*opened)->look();
  EXPECT_TRUE((*opened)->access()->config.users.empty());
  EXPECT_EQ((*opened)->access()->tls, nullptr);
  EXPECT_TRUE((*opened)->read());
}

TEST_F(DoorTest, DoesNotOpenWithAMistake) {
  write("web.yml", "basic_auth_users: {alice: hunter2}\n");
  const auto opened = Door::open(path("web.yml"), clock);
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, HasSubstr("no bcrypt hash"));
}

TEST_F(DoorTest, FollowsAChangeOfItsFile) {
  open(kAlice);
  EXPECT_EQ(users_after(kBob), "bob ");
  EXPECT_EQ(users_after(kTls + kAlice), "alice ");
  EXPECT_NE(door->access()->tls, nullptr);
}

TEST_F(DoorTest, FollowsWhatHasStayedFromOneLookToTheNext) {
  open(kAlice);
  write("web.yml", kBob);
  look();
  EXPECT_TRUE(door->access()->config.users.contains("alice"));
  write("web.yml", kBob + "\n");
  look();
  EXPECT_TRUE(door->access()->config.users.contains("alice")) << "it has changed again";
  look();
  EXPECT_TRUE(door->access()->config.users.contains("bob"));
}

TEST_F(DoorTest, LooksAtNoFileWhereItIsAskedWhatHolds) {
  open(kAlice);
  write("web.yml", kBob);
  for (int i = 0; i < 3; ++i) {
    clock.step(1h);
    EXPECT_TRUE(door->access()->config.users.contains("alice"));
  }
}

TEST_F(DoorTest, PutsInForceOnlyWhatIsTaken) {
  open(kAlice);
  write("web.yml", kBob);
  auto next = door->read();
  ASSERT_TRUE(next);
  EXPECT_TRUE(door->access()->config.users.contains("alice"));
  door->take(std::move(*next));
  EXPECT_TRUE(door->access()->config.users.contains("bob"));
}

TEST_F(DoorTest, ReloadsAtOnce) {
  open(kAlice);
  write("web.yml", kBob);
  EXPECT_TRUE(reload());
  EXPECT_TRUE(door->access()->config.users.contains("bob"));
}

TEST_F(DoorTest, FollowsARenewedCertificate) {
  open(kTls);
  const auto before = door->access();
  look();
  look();
  EXPECT_EQ(door->access(), before);
  write("server.pem", test::read_text(path("client.pem")));
  write("server.key", test::read_text(path("client.key")));
  look();
  look();
  EXPECT_NE(door->access()->tls, before->tls);
}

// A connection lasts as long as the TLS that it began with.
TEST_F(DoorTest, KeepsItsTlsWhereNothingOfItHasChanged) {
  open(kBlockTls + kAlice);
  const auto before = door->access()->tls;
  ASSERT_TRUE(reload());
  EXPECT_EQ(door->access()->tls, before);
  EXPECT_EQ(users_after(kBlockTls + kBob), "bob ");
  EXPECT_EQ(door->access()->tls, before) << "a login is no part of it";
  write("server.pem", test::read_text(path("server.pem")));
  ASSERT_TRUE(reload());
  EXPECT_EQ(door->access()->tls, before) << "the same certificate, written anew";
}

TEST_F(DoorTest, MakesItsTlsAnewForAnyChangeOfIt) {
  auto text = kBlockTls;
  open(text);
  auto before = door->access()->tls;
  const auto is_new = [&] {
    EXPECT_TRUE(reload());
    return std::exchange(before, door->access()->tls) != door->access()->tls;
  };
  for (const auto* more :
       {"    - another.example.test\n", "  min_version: TLS13\n",
        "  prefer_server_cipher_suites: false\n", "  curve_preferences: [X25519]\n"}) {
    write("web.yml", text += more);
    EXPECT_TRUE(is_new()) << more;
  }
  write("ca.pem", test::read_text(path("server.pem")));
  EXPECT_TRUE(is_new()) << "whose certificates are trusted";
}

// As when a certificate has been written and its key not yet.
TEST_F(DoorTest, WaitsUntilCertificateAndKeyBelongTogether) {
  open(kTls);
  const auto before = door->access();
  write("server.pem", test::read_text(path("client.pem")));
  look();
  look();
  EXPECT_EQ(door->access(), before);
  write("server.key", test::read_text(path("client.key")));
  look();
  look();
  EXPECT_NE(door->access(), before);
}

TEST_F(DoorTest, KeepsWhatWasInForceThroughAMistake) {
  open(kAlice);
  EXPECT_EQ(users_after("basic_auth_users: {bob: hunter2}\n"), "alice ");
  EXPECT_EQ(users_after("basic_auth_users: {bo"), "alice ");
  EXPECT_EQ(users_after(kTls + "nonsense: 1\n" + kBob), "alice ");
  EXPECT_EQ(users_after(kBob), "bob ");
}

TEST_F(DoorTest, SeesAFileComeThatWasMissing) {
  open(kAlice);
  EXPECT_EQ(users_after("tls_server_config: {cert_file: new.pem, key_file: server.key}\n" + kBob),
            "alice ");
  write("new.pem", test::read_text(path("server.pem")));
  EXPECT_EQ(users_later(), "bob ");
}

// A file that is being written is empty first, and then a part of itself.
TEST_F(DoorTest, IsNotOpenedByAFileThatIsBeingWritten) {
  const auto whole = kAlice + "auth_excluded_paths:\n  - /metrics\n" + kBlockTls;
  open(whole);
  const auto before = door->access();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    write("web.yml", whole.substr(0, length));
    look();
    EXPECT_EQ(door->access(), before) << length;
  }
}

// Whoever writes it may also stop in the middle, for longer than we wait.
TEST_F(DoorTest, IsNotOpenedByAFileThatStaysHalfWritten) {
  const auto whole = kAlice + kBlockTls;
  open(whole);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_EQ(users_after(whole.substr(0, length)), "alice ") << length;
    const auto access = door->access();
    ASSERT_NE(access->tls, nullptr) << length;
    EXPECT_EQ(access->config.tls->client_auth, ClientAuth::require_and_verify) << length;
    EXPECT_FALSE(access->config.tls->client_allowed_sans.empty()) << length;
  }
}

TEST_F(DoorTest, TellsWhatWouldBeGone) {
  open(kMutualTls + kAlice);
  const auto complaint_of = [&](const std::string& text) {
    write("web.yml", text);
    const auto reloaded = reload();
    return reloaded ? "" : without_path(reloaded.error().message);
  };
  EXPECT_EQ(complaint_of(kAlice),
            "DIR/web.yml: TLS would be gone; restart the program if that is meant");
  EXPECT_THAT(complaint_of(kMutualTls), HasSubstr("the login would be gone"));
  EXPECT_THAT(complaint_of(kTls + kAlice), HasSubstr("client certificates would be gone"));
  EXPECT_EQ(complaint_of(kBlockTls + kBob), "");
  EXPECT_THAT(complaint_of(kMutualTls + kBob), HasSubstr("the names of clients would be gone"));
}

TEST_F(DoorTest, TellsOfRefusalsOnceASecond) {
  open(kAlice);
  testing::internal::CaptureStderr();
  for (int i = 0; i < 5; ++i) door->tell_refusal(std::string(5000, 'x'), "192.0.2.1");
  clock.step(1s);
  door->tell_refusal("alice", "192.0.2.2");
  const auto log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 2);
  EXPECT_LT(log.size(), 500U);
  EXPECT_THAT(log, HasSubstr("user=alice remote=192.0.2.2 more_before=4"));
}

TEST_F(DoorTest, StaysShutWhenItsFileIsGone) {
  open(kAlice);
  std::filesystem::remove(path("web.yml"));
  EXPECT_EQ(users_later(), "alice ");
}

}  // namespace
}  // namespace sre
