#include <stdlib.h>
#include <sys/stat.h>

#include "agent/config/secret_source.h"
#include "tests/config/scratch.h"

namespace sre {
namespace {

using testing::HasSubstr;

class CredentialsSection : public Scratch {
 protected:
  // What `keys` of a [credentials.corp] table come to.
  Credentials corp(std::string_view keys) const {
    const auto config =
        parsed("[credentials.corp]\nhosts = [\"*.example.com\"]\n" + std::string(keys));
    return config.credentials.empty() ? Credentials{} : *config.credentials[0].credentials;
  }
};

TEST_F(CredentialsSection, TakesTheSecretFromAFileBesideTheConfiguration) {
  const auto corp_credentials = corp("username = \"probe\"\npassword_file = \"secret\"");
  EXPECT_EQ(corp_credentials.name, "corp");
  EXPECT_EQ(corp_credentials.username, "probe");
  EXPECT_EQ(corp_credentials.secret.reveal(), kPassword) << "without the line end";
  EXPECT_EQ(corp_credentials.mechanism, "auto");
  EXPECT_THAT(corp_credentials.hosts, testing::ElementsAre("*.example.com"));
}

TEST_F(CredentialsSection, TakesTheSecretFromTheEnvironment) {
  EXPECT_EQ(corp("username = \"probe\"\npassword_env = \"SRE_TEST_PASSWORD\"").secret.reveal(),
            kPassword);
}

TEST_F(CredentialsSection, TakesTheSecretFromASystemdCredential) {
  write("systemd/corp", "correct horse\n", 0440);  // as systemd shows the mask of its ACL
  ::setenv("CREDENTIALS_DIRECTORY", path("systemd").c_str(), 1);
  EXPECT_EQ(corp("username = \"probe\"\ncredential = \"corp\"").secret.reveal(), kPassword);
}

TEST_F(CredentialsSection, TakesATokenAsItTakesAPassword) {
  const auto token =
      corp("username = \"probe\"\npassword_file = \"secret\"\nmechanism = \"xoauth2\"");
  EXPECT_EQ(token.mechanism, "XOAUTH2");
  EXPECT_EQ(token.secret.reveal(), kPassword);
}

TEST_F(CredentialsSection, OfExternalNeedsNeitherUserNorSecret) {
  const auto external = corp("mechanism = \"EXTERNAL\"");
  EXPECT_EQ(external.mechanism, "EXTERNAL");
  EXPECT_TRUE(external.secret.empty());
}

TEST_F(CredentialsSection, LetsAClearConnectionUseItWhereThatIsAllowed) {
  const auto config = parsed(R"([credentials.corp]
username = "probe"
password_file = "secret"
hosts = ["127.0.0.1"]

[[target]]
name = "a"
host = "127.0.0.1"
tls = "none"
credentials = "corp"
allow_cleartext_login = true
)");
  ASSERT_EQ(config.targets.size(), 1U);
  EXPECT_TRUE(config.targets[0]->allow_cleartext_login);
}

TEST_F(CredentialsSection, LeavesTheHostsOfADomainToTheRun) {
  const auto config = parsed(R"([credentials.corp]
username = "probe"
password_file = "secret"
hosts = ["mx.example.com"]

[[target]]
name = "a"
mx = "example.com"
tls = "starttls"
credentials = "corp"
)");
  EXPECT_EQ(config.targets.size(), 1U);
}

using SecretFile = Scratch;

TEST_F(SecretFile, LosesOneLineEndAndNoOtherSpace) {
  const auto secret_of = [&](std::string_view text) {
    write("other", text);
    return std::string(secret_from_file(path("other")).value().reveal());
  };
  EXPECT_EQ(secret_of("correct horse"), "correct horse");
  EXPECT_EQ(secret_of("correct horse\r\n"), "correct horse");
  EXPECT_EQ(secret_of(" correct horse \n"), " correct horse ");
}

TEST_F(SecretFile, MayHave64KibibytesAndNoMore) {
  write("other", std::string(64 * 1024, 'a') + "\r\n");
  EXPECT_TRUE(secret_from_file(path("other")));
  write("other", std::string(64 * 1024 + 1, 'a'));
  const auto secret = secret_from_file(path("other"));
  ASSERT_FALSE(secret);
  EXPECT_THAT(secret.error().message, HasSubstr("longer than 65536 bytes"));
}

TEST_F(SecretFile, OfAKubernetesVolumeMayBeReadableByOthers) {
  write("volume/..2026_01_01/password", "correct horse", 0644);
  std::filesystem::create_symlink("..2026_01_01", path("volume/..data"));
  std::filesystem::create_symlink("..data/password", path("volume/password"));
  EXPECT_TRUE(secret_from_file(path("volume/password")));
  std::filesystem::remove(path("volume/..data"));
  std::filesystem::remove(path("volume/password"));
  std::filesystem::create_symlink("..2026_01_01/password", path("volume/password"));
  EXPECT_FALSE(secret_from_file(path("volume/password"))) << "any folder with a link in it";
}

TEST_F(SecretFile, BehindAPathThatOnlyPassesThroughAMountIsLookedAt) {
  const auto secret = secret_from_file("/run/secrets/../.." + path("open-secret"));
  ASSERT_FALSE(secret);
  EXPECT_THAT(secret.error().message,
              testing::AnyOf(HasSubstr("others can read"), HasSubstr("No such file")));
}

TEST_F(SecretFile, IsNotWaitedForWhereItIsAPipe) {
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  const auto secret = secret_from_file(path("pipe"));
  ASSERT_FALSE(secret);
  EXPECT_THAT(secret.error().message, HasSubstr("is no regular file"));
}

}  // namespace
}  // namespace sre
