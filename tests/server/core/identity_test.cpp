#include "core/identity.hpp"

#include <catch2/catch.hpp>

#include "core/token.hpp"
#include "signing.hpp"
#include "world.hpp"

using namespace beckon;
using namespace beckon::test;

namespace {

const std::string kKey = "a secret of the shop";

std::string jwt(std::string_view claims, std::string_view header = kHs256, std::string_view key = kKey) {
  return sign_identity(claims, key, header);
}

const std::string kGood = R"({"sub":"ada","exp":1800000600,"aud":"shop"})";

std::shared_ptr<core::SiteSettings> shop(std::string_view rules = R"({"rules": [
    {"id": "vip", "when": {"visitor.identified": true}, "then": {"invite": {"text": "Hi"}}}]})") {
  auto site = site_settings(rules);
  site->identity_key = kKey;
  return site;
}

}  // namespace

TEST_CASE("a good identity is taken, and nothing else") {
  const base::SiteId site("shop");
  const base::Instant now = rules::at_ms(1'800'000'000'000);
  const auto taken = [&](const std::string& token) { return core::verify_identity(token, kKey, site, now).value_or("refused"); };
  CHECK(taken(jwt(kGood)) == "ada");
  CHECK(taken(jwt(R"({"sub":"ada","exp":1800000600,"site":"shop"})")) == "ada");
  CHECK(taken(jwt(R"({"sub":"ada","exp":1800000600,"aud":["x","shop"]})")) == "ada");
  CHECK(taken(jwt(R"({"sub":"ada","exp":1800000000.001,"aud":"shop"})")) == "ada");

  CHECK(taken(jwt(R"({"sub":"ada","exp":1800000000,"aud":"shop"})")) == "refused");
  CHECK(taken(jwt(R"({"sub":"ada","aud":"shop"})")) == "refused");
  CHECK(taken(jwt(R"({"sub":"ada","exp":"1800000600","aud":"shop"})")) == "refused");
  CHECK(taken(jwt(R"({"sub":"ada","exp":1e400,"aud":"shop"})")) == "refused");
  CHECK(taken(jwt(R"({"exp":1800000600,"aud":"shop"})")) == "refused");
  CHECK(taken(jwt(R"({"sub":"","exp":1800000600,"aud":"shop"})")) == "refused");
  CHECK(taken(jwt(R"({"sub":"ada","exp":1800000600,"aud":"other"})")) == "refused");
  CHECK(taken(jwt(R"({"sub":"ada","exp":1800000600})")) == "refused");
  CHECK(taken(jwt(R"({"sub":"ada","exp":1800000600,"aud":"shop","site":"other"})")) == "refused");
  CHECK(taken(jwt(kGood, R"({"alg":"none"})")) == "refused");
  CHECK(taken(base64url(R"({"alg":"none"})") + "." + base64url(kGood) + ".") == "refused");
  CHECK(taken(jwt(kGood, R"({"alg":"HS512"})")) == "refused");
  CHECK(taken(jwt(kGood, R"({"alg":"RS256"})")) == "refused");
  CHECK(taken(jwt(kGood, R"({"alg":"HS256","crit":["b64"]})")) == "refused");
  CHECK(taken(jwt(kGood, R"({"typ":"JWT"})")) == "refused");
  CHECK(taken(jwt(kGood, R"({"alg":"HS256"})", "another key")) == "refused");
  CHECK(taken(jwt(kGood) + "A") == "refused");
  CHECK(taken(jwt(kGood) + ".x") == "refused");
  CHECK(taken("") == "refused");
  CHECK(taken("..") == "refused");
  CHECK(taken(jwt("[]")) == "refused");
  CHECK(taken(jwt("{")) == "refused");
  std::string flipped = jwt(kGood);
  flipped[flipped.find('.') + 3] ^= 1;
  CHECK(taken(flipped) == "refused");
  CHECK_FALSE(core::verify_identity(jwt(kGood, R"({"alg":"HS256"})", ""), "", site, now));
}

TEST_CASE("a visitor token is bound to its site, its key and its time") {
  const base::Secret key = base::Secret::random(), other_key = base::Secret::random();
  const base::SiteId site("shop"), other_site("shop2");
  const base::Instant now = rules::at_ms(1'800'000'000'000);
  const base::VisitorId visitor = base::new_visitor_id();
  const std::string token = core::make_token(key, site, visitor, now);
  CHECK(core::check_token(key, site, token, now) == visitor);
  CHECK(core::check_token(key, site, token, now + core::kTokenLives) == visitor);
  CHECK_FALSE(core::check_token(key, site, token, now + core::kTokenLives + std::chrono::days(1)));
  CHECK_FALSE(core::check_token(key, site, token, now - std::chrono::days(2)));
  CHECK_FALSE(core::check_token(key, other_site, token, now));
  CHECK_FALSE(core::check_token(other_key, site, token, now));
  CHECK_FALSE(core::check_token(key, site, "", now));
  for (std::size_t i = 0; i < token.size(); ++i) {
    INFO(i);
    CHECK_FALSE(core::check_token(key, site, token.substr(0, i), now));
    std::string changed = token;
    changed[i] = changed[i] == 'x' ? 'y' : 'x';
    CHECK_FALSE(core::check_token(key, site, changed, now));
  }
}

TEST_CASE("a signed identity makes the visitor identified") {
  World world(shop());
  Tab tab(world, "t1", "s1");
  tab.hello("/");
  tab.send(R"("type":"identify","jwt":")" + jwt(kGood) + "\"");
  CHECK(field(tab.next("offer"), "rule") == "vip");
  CHECK(field(world.journal().back(), "type") == "identified");
  CHECK(world.export_of(tab.visitor).find("ada") != std::string::npos);
}

TEST_CASE("a bad identity gets one answer, whatever is wrong with it, and changes nothing") {
  World world(shop());
  Tab tab(world, "t1", "s1");
  tab.hello("/");
  for (const std::string& bad : {jwt(kGood, R"({"alg":"none"})"), jwt(R"({"sub":"ada","exp":1,"aud":"shop"})"), std::string("x")}) {
    tab.send(R"("type":"identify","jwt":")" + bad + "\"");
    const std::string answer = tab.next();
    CHECK(field(answer, "code") == "bad_identity");
    CHECK(field(answer, "message") == "the identity was not accepted");
  }
  CHECK(tab.connection->code() == 0);
  CHECK(world.export_of(tab.visitor).find("ada") == std::string::npos);
}

TEST_CASE("a site without a key accepts no identity") {
  World world(site_settings(R"({"rules": []})"));
  Tab tab(world, "t1", "s1");
  tab.hello("/");
  tab.send(R"("type":"identify","jwt":")" + jwt(kGood) + "\"");
  CHECK(field(tab.next(), "code") == "bad_identity");
}

TEST_CASE("a person who signs in on a second browser becomes the visitor that is known") {
  World world(shop(R"({"rules": []})"));
  Tab home(world, "t1", "s1"), work(world, "t2", "s2");
  home.hello("/");
  home.send(R"("type":"identify","jwt":")" + jwt(kGood) + "\"");
  world.pass(20ms);
  work.hello("/");
  CHECK(work.visitor != home.visitor);
  work.send(R"("type":"identify","jwt":")" + jwt(kGood) + "\"");
  const std::string welcome = work.next("welcome");
  CHECK(field(welcome, "visitor") == home.visitor);
  CHECK(work.connection->code() == 4005);
  work.token = field(welcome, "token");
  work.hello("/");
  CHECK(work.visitor == home.visitor);
  CHECK(work.connection->code() == 0);
}

TEST_CASE("somebody else who signs in on the same browser is somebody else") {
  World world(shop(R"({"rules": []})"));
  Tab tab(world, "t1", "s1");
  tab.hello("/");
  tab.send(R"("type":"identify","jwt":")" + jwt(kGood) + "\"");
  const std::string first = tab.visitor;
  tab.send(R"("type":"identify","jwt":")" + jwt(R"({"sub":"bob","exp":1800000600,"aud":"shop"})") + "\"");
  const std::string welcome = tab.next("welcome");
  CHECK(field(welcome, "visitor") != first);
  CHECK(field(welcome, "token") != "absent");
  CHECK(world.export_of(first).find("bob") == std::string::npos);
  CHECK(world.export_of(field(welcome, "visitor")).find("bob") != std::string::npos);
  tab.events(R"({"type":"activity"})");
  world.pass(20ms);
  CHECK(field(tab.next("ack"), "id") == "4");
}
