#include "agent/web/login.h"

#include <gmock/gmock.h>

#include <future>
#include <memory>

#include "agent/base/text.h"
#include "tests/access/folder.h"
#include "tests/web/sample.h"

namespace sre {
namespace {

using test::come;
using test::header_of;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kAlice = "basic_auth_users: {alice: " + std::string(test::kHash) + "}\n";
const std::string kRight(test::kPassword);

Response inside(const Request& request) { return plain_text(200, "inside " + request.path + "\n"); }

Request asked(std::string_view path, std::string_view user = "", std::string_view password = "") {
  Request request = Request::to("GET", path);
  request.remote = "192.0.2.1";
  if (!user.empty()) {
    const auto both = std::string(user) + ":" + std::string(password);
    request.headers.push_back({"Authorization", "Basic " + base64_encode(both)});
  }
  return request;
}

class LoginTest : public test::Folder {
 protected:
  Handler behind_door(std::string_view config, Handler handler = inside) {
    write("web.yml", config);
    auto opened = Door::open(path("web.yml"), system_clock());
    EXPECT_TRUE(opened) << opened.error().message;
    door = std::move(*opened);
    return behind(door, std::move(handler));
  }

  std::shared_ptr<Door> door;
};

TEST_F(LoginTest, IsNotAskedForWithoutUsers) {
  const auto handler = behind_door("");
  EXPECT_EQ(handler(asked("/")).body, "inside /\n");
}

TEST_F(LoginTest, LetsTheRightPasswordIn) {
  const auto handler = behind_door(kAlice);
  EXPECT_EQ(come(handler(asked("/a", "alice", kRight))).body, "inside /a\n");
}

TEST_F(LoginTest, KeepsAllOthersOut) {
  const auto handler = behind_door(kAlice);
  for (const auto& request :
       {asked("/"), asked("/", "alice"), asked("/", "alice", "correct hors"),
        asked("/", "Alice", kRight), asked("/", "bob", kRight), asked("/", " alice", kRight)}) {
    const auto response = come(handler(request));
    EXPECT_EQ(response.status, 401);
    EXPECT_EQ(header_of(response, "WWW-Authenticate"),
              "Basic realm=\"smtp_reply_exporter\", charset=\"UTF-8\"");
    EXPECT_EQ(header_of(response, "X-Content-Type-Options"), "nosniff");
    EXPECT_THAT(response.body, HasSubstr("are needed"));
  }
}

TEST_F(LoginTest, TakesNoOtherScheme) {
  const auto handler = behind_door(kAlice);
  auto request = asked("/");
  request.headers = {{"Authorization", "Bearer " + kRight}};
  EXPECT_EQ(handler(request).status, 401);
}

TEST_F(LoginTest, DoesNotWaitForAPasswordThatItKnows) {
  const auto handler = behind_door(kAlice);
  EXPECT_TRUE(handler(asked("/", "alice", kRight)).later);
  come(handler(asked("/", "alice", kRight)));
  EXPECT_FALSE(handler(asked("/", "alice", kRight)).later);
}

// Else the time that an answer takes would tell who exists.
TEST_F(LoginTest, TakesAsLongForAUserWhoDoesNotExist) {
  const auto handler = behind_door(kAlice);
  EXPECT_TRUE(handler(asked("/", "bob", "guess")).later);
  come(handler(asked("/", "alice", kRight)));
  EXPECT_TRUE(handler(asked("/", "bob", kRight)).later);
  EXPECT_EQ(come(handler(asked("/", "bob", kRight))).status, 401);
}

TEST_F(LoginTest, IsNotNeededForWhatIsExcepted) {
  const auto handler = behind_door(kAlice + "auth_excluded_paths: [/metrics, /-/healthy]\n");
  EXPECT_EQ(handler(asked("/metrics")).status, 200);
  EXPECT_EQ(handler(asked("/metrics?x=1")).status, 200);
  EXPECT_EQ(handler(asked("/-/healthy")).status, 200);
  for (const char* path : {"/", "/metrics/", "/Metrics", "/%6detrics", "//metrics", "/-/ready",
                           "/-/healthy/../reload"}) {
    EXPECT_EQ(handler(asked(path)).status, 401) << path;
  }
}

TEST_F(LoginTest, IsLostWithTheUser) {
  const auto handler = behind_door(kAlice);
  come(handler(asked("/", "alice", kRight)));
  write("web.yml", "basic_auth_users: {bob: " + std::string(test::kOtherHash) + "}\n");
  door->take(door->read().value());
  EXPECT_EQ(come(handler(asked("/", "alice", kRight))).status, 401);
  EXPECT_EQ(come(handler(asked("/", "bob", test::kOtherPassword))).status, 200);
}

TEST_F(LoginTest, IsAskedToTryAgainWhereTooManyWait) {
  const auto handler = behind_door(kAlice);
  std::promise<void> held;
  std::promise<void> go;
  door->passwords().ask(Secret("x"), std::string(test::kHash), "holder",
                        [&](PasswordChecker::Answer) {
                          held.set_value();
                          go.get_future().wait();
                        });
  held.get_future().wait();
  for (int i = 0; i < 8; ++i) {
    handler(asked("/", "alice", "guess " + std::to_string(i))).later([](const MakeResponse&) {});
  }
  const auto response = come(handler(asked("/", "alice", "guess")));
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(header_of(response, "Retry-After"), "1");
  go.set_value();
}

TEST_F(LoginTest, WaitsForAnAnswerThatHasToBeWaitedForItself) {
  const auto handler = behind_door(kAlice, [](const Request&) {
    Response response;
    response.later = [](const HandOver& hand_over) {
      hand_over([] { return plain_text(200, "in the end\n"); });
    };
    return response;
  });
  EXPECT_EQ(come(handler(asked("/probe", "alice", kRight))).body, "in the end\n");
}

TEST_F(LoginTest, SetsTheHeadersThatAreConfigured) {
  const auto handler = behind_door(
      "http_server_config:\n  headers:\n    X-Frame-Options: deny\n"
      "    X-Content-Type-Options: ''\n    Content-Security-Policy: default-src 'self'\n" +
          kAlice,
      [](const Request&) {
        auto response = plain_text(200, "x");
        response.headers = {{"content-security-policy", "default-src 'none'"},
                            {"X-Content-Type-Options", "nosniff"}};
        return response;
      });
  for (const auto& request : {asked("/"), asked("/", "alice", kRight)}) {
    const auto response = come(handler(request));
    EXPECT_EQ(header_of(response, "X-Frame-Options"), "deny");
    EXPECT_EQ(header_of(response, "Content-Security-Policy"), "default-src 'self'");
    EXPECT_THAT(header_of(response, "X-Content-Type-Options"), IsEmpty());
  }
}

// The site as a whole: what is excepted is so below the path of a reverse proxy too.
TEST_F(LoginTest, GuardsTheWholeSite) {
  behind_door(kAlice + "auth_excluded_paths: [/-/healthy]\n");
  const auto site = test::site_of(test::sources_of({test::broken_login()}),
                                  {.external_path = "/smtp", .door = door});
  EXPECT_EQ(site(asked("/-/healthy")).status, 200);
  EXPECT_EQ(site(asked("/smtp/-/healthy")).status, 200);
  for (const char* path : {"/", "/smtp/", "/metrics", "/config", "/codes", "/api/v1/checks",
                           "/assets/style.css", "/nothing", "/probe?target=a:1&module=b"}) {
    EXPECT_EQ(site(asked(path)).status, 401) << path;
  }
  EXPECT_EQ(come(site(asked("/", "alice", kRight))).status, 200);
  EXPECT_EQ(come(site(asked("/smtp/nothing", "alice", kRight))).status, 404);
  auto reload = asked("/-/reload");
  reload.method = "POST";
  EXPECT_EQ(site(reload).status, 401);
}

}  // namespace
}  // namespace sre
