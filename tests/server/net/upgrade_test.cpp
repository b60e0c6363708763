#include "net/upgrade.hpp"

#include <catch2/catch.hpp>

using namespace beckon;
using net::plan_upgrade;

namespace {

namespace http = boost::beast::http;

const net::OriginTable kOrigins = {
    {"shop", std::make_shared<const net::Origins>(net::Origins{"https://good.com", "http://127.0.0.1:8080"})}};

net::UpgradeRequest request(const char* target = "/ws?site=shop", const char* origin = "https://good.com") {
  net::UpgradeRequest r(http::verb::get, target, 11);
  r.set(http::field::sec_websocket_protocol, "beckon.v1");
  if (origin) r.set(http::field::origin, origin);
  return r;
}

unsigned refusal(const net::UpgradeRequest& r) {
  const auto plan = plan_upgrade(r, "203.0.113.7", kOrigins, {});
  const auto* response = std::get_if<net::HttpResponse>(&plan);
  return response ? response->status : 0;
}

net::UpgradePlan planned(const net::UpgradeRequest& r, const char* peer = "203.0.113.7",
                         const net::PeerPolicy& policy = {}) {
  auto plan = plan_upgrade(r, peer, kOrigins, policy);
  REQUIRE(std::holds_alternative<net::UpgradePlan>(plan));
  return std::get<net::UpgradePlan>(std::move(plan));
}

}  // namespace

TEST_CASE("a listed origin may connect") {
  CHECK(refusal(request()) == 0);
  CHECK(refusal(request("/ws?site=shop", "http://127.0.0.1:8080")) == 0);
}

TEST_CASE("every other origin is refused") {
  const char* origin =
      GENERATE("https://good.com.evil.com", "https://evilgood.com", "http://good.com", "https://good.com:8443",
               "https://good.com:443", "https://good.com/", "https://GOOD.com", "https://sub.good.com", "null", "",
               "https://good.com, https://evil.com", "http://127.0.0.1:8081", "http://127.0.0.1");
  CAPTURE(origin);
  CHECK(refusal(request("/ws?site=shop", origin)) == 403);
}

TEST_CASE("a missing origin is refused, and two are") {
  CHECK(refusal(request("/ws?site=shop", nullptr)) == 403);
  auto twice = request();
  twice.insert(http::field::origin, "https://good.com");
  CHECK(refusal(twice) == 403);
}

TEST_CASE("an unknown site looks like a foreign origin") {
  const char* target =
      GENERATE("/ws", "/ws?site=", "/ws?site=other", "/ws?sites=shop", "/ws?site=shop%00", "/ws?SITE=shop");
  CAPTURE(target);
  CHECK(refusal(request(target)) == 403);
}

TEST_CASE("the sub-protocol is required") {
  auto none = request();
  none.erase(http::field::sec_websocket_protocol);
  CHECK(refusal(none) == 400);
  auto others = request();
  others.set(http::field::sec_websocket_protocol, "beckon.v2, chat");
  CHECK(refusal(others) == 400);
  auto among_others = request();
  among_others.set(http::field::sec_websocket_protocol, "chat, beckon.v1");
  CHECK(refusal(among_others) == 0);
}

TEST_CASE("the shard learns what the request says") {
  auto r = request("/ws?v=v_abc&site=shop");
  r.set(http::field::user_agent, "Browser/1");
  r.set(http::field::accept_language, "fr-BE,fr;q=0.9");
  r.set("Sec-GPC", "1");
  const auto plan = planned(r);
  CHECK(plan.hint == "v_abc");
  CHECK(plan.upgrade.site.text() == "shop");
  CHECK(plan.upgrade.address == "203.0.113.7");
  CHECK(plan.upgrade.user_agent == "Browser/1");
  CHECK(plan.upgrade.accept_language == "fr-BE,fr;q=0.9");
  CHECK(plan.upgrade.privacy == core::PrivacySignal::kRefuses);
}

TEST_CASE("a forwarded address counts only from a trusted proxy, and only its last untrusted hop") {
  auto r = request();
  r.set("X-Forwarded-For", "198.51.100.1, 198.51.100.2, 10.0.0.2");
  CHECK(planned(r, "203.0.113.7").upgrade.address == "203.0.113.7");
  net::PeerPolicy policy;
  policy.trusted_proxies = {"10.0.0.1", "10.0.0.2"};
  CHECK(planned(r, "10.0.0.1", policy).upgrade.address == "198.51.100.2");
  CHECK(planned(request(), "10.0.0.1", policy).upgrade.address.empty());
  r.set("X-Forwarded-For", "::ffff:198.51.100.2, ::ffff:10.0.0.2");
  CHECK(planned(r, "10.0.0.1", policy).upgrade.address == "198.51.100.2");
  r.set("X-Forwarded-For", "what, ever");
  CHECK(planned(r, "10.0.0.1", policy).upgrade.address.empty());
}

TEST_CASE("the country is looked up by the client's address") {
  net::PeerPolicy policy;
  policy.country = [](std::string_view address) { return address == "203.0.113.7" ? "BE" : ""; };
  CHECK(planned(request(), "203.0.113.7", policy).upgrade.country == "BE");
}

TEST_CASE("connections are counted by IPv4 address or IPv6 network") {
  CHECK(net::counting_key("203.0.113.7") == "203.0.113.7");
  CHECK(net::counting_key("::ffff:203.0.113.7") == "203.0.113.7");
  CHECK(net::counting_key("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::");
  CHECK(net::counting_key("nonsense").empty());
}
