#include "http/router.hpp"

#include <catch2/catch.hpp>

#include "http/shop.hpp"

using namespace beckon;

namespace {

struct Fixture {
  http::Readiness readiness;

  net::HttpResponse get(std::string_view path, std::string_view method = "GET",
                        http::ShopPages shop = http::ShopPages::kServed) {
    const http::Router router({shop, [this] { return readiness; }, [](auto done) { done("beckon_up 1\n"); }});
    net::HttpRequest request;
    request.method = method;
    request.path = path;
    net::HttpResponse out;
    router.handle(request, [&](net::HttpResponse response) { out = std::move(response); });
    return out;
  }
};

std::string header(const net::HttpResponse& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace

TEST_CASE_METHOD(Fixture, "the fixed addresses answer") {
  CHECK(get("/healthz").body() == "ok\n");
  CHECK(get("/readyz").body() == R"({"status":"ready","problems":[]})");
  CHECK(get("/metrics").body() == "beckon_up 1\n");
}

TEST_CASE_METHOD(Fixture, "a problem degrades, a stop refuses") {
  readiness.problems.push_back({"rules", "shop", "/srv/my shop/rules.json:3:1: error: …", "/srv/my shop/rules.json"});
  CHECK(get("/readyz").status == 200);
  CHECK(get("/readyz").body() ==
        R"({"status":"degraded","problems":[{"what":"rules","site":"shop","message":"rules.json:3:1: error: …"}]})");
  readiness.serving = http::Serving::kStopping;
  CHECK(get("/readyz").status == 503);
}

TEST_CASE_METHOD(Fixture, "whoever asks is told no path") {
  readiness.problems = {{"config", "", "/etc/beckon/beckon.json:2:3: error: cannot read keys/a.key", "/etc/beckon/beckon.json"},
                        {"config", "", "cannot read /etc/beckon/beckon.json: no such file"},
                        {"rules", "shop", "rules.json:3:1: error: expected a number, found \"x\"", "rules.json"}};
  const std::string body = get("/readyz").text;
  CHECK(body.find("\"message\":\"beckon.json:2:3: error: cannot read a.key\"") != std::string::npos);
  CHECK(body.find("\"message\":\"cannot read beckon.json: no such file\"") != std::string::npos);
  CHECK(body.find(R"(rules.json:3:1: error: expected a number, found \"x\")") != std::string::npos);
  CHECK(body.find('/') == std::string::npos);
}

TEST_CASE_METHOD(Fixture, "a change through any other method is 405, and says what is allowed") {
  const char* path = GENERATE("/healthz", "/readyz", "/metrics", "/ws", "/");
  const char* method = GENERATE("POST", "PUT", "DELETE", "OPTIONS", "TRACE");
  CAPTURE(path, method);
  const auto response = get(path, method);
  CHECK(response.status == 405);
  CHECK(header(response, "Allow") == "GET, HEAD");
}

TEST_CASE_METHOD(Fixture, "a WebSocket's address says what it is") {
  const auto response = get("/ws");
  CHECK(response.status == 426);
  CHECK(header(response, "Upgrade") == "websocket");
}

TEST_CASE_METHOD(Fixture, "paths are the shop's files, and their names without .html") {
  CHECK(header(get("/"), "Content-Type") == "text/html; charset=utf-8");
  CHECK(get("/cart").body() == get("/cart.html").body());
  CHECK(get("/product/aurora").status == 200);
  CHECK(get("/app/product/aurora").body() == get("/app").body());
  CHECK(header(get("/js/shop.js"), "Content-Type") == "text/javascript; charset=utf-8");
}

TEST_CASE_METHOD(Fixture, "the shop's pages allow nothing inline and no frame") {
  const auto policy = header(get("/"), "Content-Security-Policy");
  CHECK(policy.find("script-src 'self';") != policy.npos);
  CHECK(policy.find("frame-ancestors 'none'") != policy.npos);
}

TEST_CASE_METHOD(Fixture, "what is not there is 404, with the shop's page for it") {
  const char* path =
      GENERATE("/nothing", "/rules.json", "/../rules.json", "/js/", "/README.md", "/make_pages.mjs", "//", "/%2e%2e/x");
  CAPTURE(path);
  CHECK(get(path).status == 404);
}

TEST_CASE_METHOD(Fixture, "without the demo there is no shop") {
  CHECK(get("/", "GET", http::ShopPages::kNone).status == 404);
  CHECK(get("/cart", "GET", http::ShopPages::kNone).status == 404);
  CHECK(get("/healthz", "GET", http::ShopPages::kNone).status == 200);
}

TEST_CASE("the demo's rules are part of the binary") {
  CHECK(http::shop_rules().find("\"rules\"") != std::string_view::npos);
}
