#include "agent/access/web_config.h"

#include <gmock/gmock.h>
#include <openssl/ssl.h>

#include <sstream>

#include "agent/access/door.h"
#include "tests/access/folder.h"

namespace sre {
namespace {

using test::Folder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

class WebConfigFile : public Folder {
 protected:
  // The errors, one line each; empty when there are none.
  std::string errors(std::string_view text) {
    write("web.yml", text);
    const auto access = read_access(path("web.yml"));
    return access ? "" : without_path(access.error().message);
  }

  WebConfig read(std::string_view text) {
    write("web.yml", text);
    Problems problems(path("web.yml"));
    auto config = read_web_config(path("web.yml"), problems);
    EXPECT_TRUE(problems.none()) << to_string(problems.sorted());
    return config;
  }
};

TEST_F(WebConfigFile, MayAskForNothing) {
  for (const char* text :
       {"", "---\n", "# nothing\n", "{}", "tls_server_config:\n", "basic_auth_users: {}\n"}) {
    const auto config = read(text);
    EXPECT_FALSE(config.tls) << text;
    EXPECT_TRUE(config.users.empty()) << text;
  }
}

TEST_F(WebConfigFile, HasTheDefaultsOfExporterToolkit) {
  const auto config = read("tls_server_config: {cert_file: server.pem, key_file: server.key}");
  ASSERT_TRUE(config.tls);
  EXPECT_EQ(config.tls->min_version, TLS1_2_VERSION);
  EXPECT_EQ(config.tls->max_version, TLS1_3_VERSION);
  EXPECT_EQ(config.tls->client_auth, ClientAuth::none);
  EXPECT_TRUE(config.tls->prefer_server_ciphers);
}

TEST_F(WebConfigFile, MaySayEverything) {
  const auto config = read(R"(
tls_server_config:
  cert_file: server.pem
  key_file: server.key
  client_auth_type: RequireAndVerifyClientCert
  client_ca_file: ca.pem
  client_allowed_sans: [prometheus.example.test, 192.0.2.7]
  min_version: TLS12
  max_version: TLS13
  cipher_suites:
    - TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
    - TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305
    - TLS_AES_128_GCM_SHA256
  prefer_server_cipher_suites: false
  curve_preferences: [CurveP256, X25519]
http_server_config:
  http2: false
  headers:
    X-Frame-Options: deny
    Strict-Transport-Security: max-age=31536000
basic_auth_users:
  alice: )" + std::string(test::kHash) +
                           R"(
  bob: ')" + std::string(test::kOtherHash) +
                           R"('
auth_excluded_paths: [/metrics, /-/healthy]
)");
  ASSERT_TRUE(config.tls);
  EXPECT_EQ(config.tls->client_auth, ClientAuth::require_and_verify);
  EXPECT_THAT(config.tls->client_allowed_sans, ElementsAre("prometheus.example.test", "192.0.2.7"));
  EXPECT_EQ(config.tls->groups, "P-256:X25519");
  EXPECT_FALSE(config.tls->prefer_server_ciphers);
  EXPECT_THAT(config.users, ElementsAre(Pair("alice", test::kHash), Pair("bob", test::kOtherHash)));
  EXPECT_THAT(config.excluded_paths, ElementsAre("/-/healthy", "/metrics"));
  EXPECT_THAT(config.headers, ElementsAre(Pair("Strict-Transport-Security", "max-age=31536000"),
                                          Pair("X-Frame-Options", "deny")));
  EXPECT_EQ(errors(test::read_text(path("web.yml"))), "");
}

TEST_F(WebConfigFile, MayHoldThePemItself) {
  const auto block = [&](std::string_view file) {
    std::istringstream lines(test::read_text(path(file)));
    std::string indented = "|\n";
    for (std::string line; std::getline(lines, line);) indented += "    " + line + "\n";
    return indented;
  };
  EXPECT_EQ(errors("tls_server_config:\n  cert: " + block("server.pem") +
                   "  key: " + block("server.key") + "  client_ca: " + block("ca.pem") +
                   "  client_auth_type: RequireAndVerifyClientCert\n"),
            "");
}

TEST_F(WebConfigFile, IsItselfForFewReadersWithAKeyInIt) {
  std::string text = "tls_server_config:\n  cert_file: server.pem\n  key: |\n";
  std::istringstream lines(test::read_text(path("server.key")));
  for (std::string line; std::getline(lines, line);) text += "    " + line + "\n";
  EXPECT_EQ(errors(text), "");
  write("web.yml", text, 0644);
  const auto access = read_access(path("web.yml"));
  ASSERT_FALSE(access);
  EXPECT_EQ(without_path(access.error().message),
            "DIR/web.yml:3:8: key: others can read or change \"DIR/web.yml\" (mode 0644); "
            "chmod 640 it");
}

TEST_F(WebConfigFile, MustNotBeForEverybodyToChange) {
  write("web.yml", "", 0666);
  const auto access = read_access(path("web.yml"));
  ASSERT_FALSE(access);
  EXPECT_THAT(access.error().message, HasSubstr("(mode 0666); chmod 644 it"));
}

TEST_F(WebConfigFile, IsReadToItsEndOrNotAtAll) {
  write("web.yml", std::string(1024 * 1024, '#') + "\nbasic_auth_users: {}\n");
  const auto access = read_access(path("web.yml"));
  ASSERT_FALSE(access);
  EXPECT_THAT(access.error().message, HasSubstr("is longer than 1048576 bytes"));
}

// Debian's way: root:ssl-cert 640.
TEST_F(WebConfigFile, TakesAKeyThatAGroupMayRead) {
  write("group.key", test::read_text(path("server.key")), 0640);
  EXPECT_EQ(errors("tls_server_config: {cert_file: server.pem, key_file: group.key}"), "");
}

TEST_F(WebConfigFile, NamesTheFilesItWasReadFrom) {
  const auto config = read("tls_server_config: {cert_file: server.pem, key_file: ./server.key}");
  std::vector<std::string> names;
  for (const auto& file : config.files) names.push_back(without_path(file.path));
  EXPECT_THAT(names, ElementsAre("DIR/web.yml", "DIR/server.pem", "DIR/server.key"));
}

TEST_F(WebConfigFile, MustBeThere) {
  const auto access = read_access(path("none.yml"));
  ASSERT_FALSE(access);
  EXPECT_THAT(without_path(access.error().message),
              HasSubstr("DIR/none.yml: cannot read \"DIR/none.yml\": No such file"));
}

// Each file below testdata/bad has one fault, which its name tells, and begins with the errors that
// it must yield, a comment line each: "# line:column: message".
class BadWebConfig : public WebConfigFile,
                     public testing::WithParamInterface<std::filesystem::path> {};

TEST_P(BadWebConfig, YieldsExactlyTheErrorsItNames) {
  const auto text = test::read_text(GetParam());
  write("open.key", test::read_text(path("server.key")), 0644);
  write("open.pem", test::read_text(path("ca.pem")), 0666);
  write("cut.pem",
        test::read_text(path("ca.pem")) + test::read_text(path("ca.pem")).substr(0, 300));
  write("cert.key", test::read_text(path("server.pem")));
  std::string expected;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line) && line.starts_with("# ");) {
    expected += (expected.empty() ? "" : "\n") + ("DIR/web.yml:" + line.substr(2));
  }
  EXPECT_EQ(errors(text), expected);
}

std::vector<std::filesystem::path> bad_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(test::source("tests/access/testdata/bad"))) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

INSTANTIATE_TEST_SUITE_P(TestData, BadWebConfig, testing::ValuesIn(bad_files()),
                         [](const auto& file) { return file.param.stem().native(); });

}  // namespace
}  // namespace sre
