// Where a request of the console may come from, and its cookie.
#include "http/console_request.hpp"

#include <catch2/catch.hpp>

using namespace beckon;
using http::Access;
using http::CookieFor;

namespace {

net::HttpRequest request(std::vector<net::HttpHeader> headers, net::Scheme scheme = net::Scheme::kHttp) {
  net::HttpRequest out;
  out.method = "POST";
  out.headers = std::move(headers);
  out.scheme = scheme;
  return out;
}

bool allowed(const net::HttpRequest& from, const Access& access = {}) { return !refusal_of_origin(from, access); }

}  // namespace

TEST_CASE("a request comes from its own origin, or from a listed one") {
  CHECK(allowed(request({{"Host", "chat.example"}, {"Origin", "http://chat.example"}})));
  CHECK(allowed(request({{"Host", "chat.example:8080"}, {"Origin", "http://chat.example:8080"}})));
  CHECK(allowed(request({{"Host", "chat.example"}, {"origin", "https://chat.example"}}, net::Scheme::kHttps)));
  Access access;
  access.console_origins = {"https://console.example"};
  CHECK(allowed(request({{"Host", "inner"}, {"Origin", "https://console.example"}}), access));
  access.secure = http::SecureConsole::kAlways;
  CHECK(allowed(request({{"Host", "chat.example"}, {"Origin", "https://chat.example"}}), access));
  CHECK_FALSE(allowed(request({{"Host", "chat.example"}, {"Origin", "http://chat.example"}}), access));
}

TEST_CASE("any other origin, none, two and null are refused") {
  for (const char* origin : {"http://evil.example", "http://chat.example.evil.example", "http://evilchat.example", "http://chat.example:81",
                             "https://chat.example", "null", "", "http://chat.example/", "http://chat.example http://evil.example", "*"}) {
    CAPTURE(origin);
    CHECK_FALSE(allowed(request({{"Host", "chat.example"}, {"Origin", origin}})));
  }
  CHECK_FALSE(allowed(request({{"Host", "chat.example"}})));
  CHECK_FALSE(allowed(request({{"Origin", "http://"}})));
  CHECK_FALSE(allowed(request({{"Host", ""}, {"Origin", "http://"}})));
  CHECK_FALSE(allowed(request({{"Host", "chat.example"}, {"Origin", "http://chat.example"}, {"ORIGIN", "http://evil.example"}})));
}

TEST_CASE("the session's cookie is found among others") {
  CHECK(http::session_token(request({{"Cookie", "a=b; beckon_console=token; c=d"}})) == "token");
  CHECK(http::session_token(request({{"Cookie", "beckon_console=token"}})) == "token");
  CHECK(http::session_token(request({{"Cookie", "xbeckon_console=token; beckon_consolex=y; beckon_console"}})).empty());
  CHECK(http::session_token(request({})).empty());
}

TEST_CASE("the browser's own cookie goes to logins alone, for as long as it is known") {
  CHECK(http::device_of(request({{"Cookie", "beckon_console=token; beckon_device=d"}})) == "d");
  CHECK(http::device_cookie("d", CookieFor::kHttpsOnly) ==
        "beckon_device=d; Path=/console/api/login; HttpOnly; SameSite=Strict; Max-Age=15552000; Secure");
}

TEST_CASE("a cookie is for the console, this site, HTTP, and https where that is spoken") {
  CHECK(http::session_cookie("t", CookieFor::kAnyScheme) == "beckon_console=t; Path=/console; HttpOnly; SameSite=Strict; Max-Age=604800");
  CHECK(http::session_cookie("", CookieFor::kHttpsOnly) == "beckon_console=; Path=/console; HttpOnly; SameSite=Strict; Max-Age=0; Secure");
  CHECK(http::cookie_for(request({}), {}) == CookieFor::kAnyScheme);
  CHECK(http::cookie_for(request({}, net::Scheme::kHttps), {}) == CookieFor::kHttpsOnly);
  Access access;
  access.secure = http::SecureConsole::kAlways;
  CHECK(http::cookie_for(request({}), access) == CookieFor::kHttpsOnly);
}
