#include <catch2/catch.hpp>

#include "world.hpp"

using namespace beckon;
using namespace beckon::test;

namespace {

constexpr std::string_view kCart = R"({"rules": [{
  "id": "cart", "when": {"cart.value": {"gte": 80}}, "then": {"invite": {"text": {"en": "Hand?", "fr": "Aide ?"}}}}]})";

std::string offer_id(const std::string& frame) { return field(frame, "offer"); }

}  // namespace

TEST_CASE("two tabs are one visitor: what one does shows in the other's rules, and the offer goes to both") {
  World world(R"({"rules": [{
    "id": "cart", "when": {"all": [{"cart.value": {"gte": 80}}, {"page.path": "/pay"}]}, "then": {"invite": {"text": "Hi"}}}]})");
  Tab pay(world, "pay", "s1");
  pay.hello("/pay");
  Tab other(world, "other", "s2");
  other.token = pay.token;
  other.hello("/list");
  CHECK(other.visitor == pay.visitor);
  other.events(R"({"type":"cart","value":90,"items":1})");
  const std::string at_pay = pay.next("offer"), at_other = other.next("offer");
  CHECK(field(at_pay, "tab") == "pay");
  CHECK(at_pay == at_other);

  pay.send(R"("type":"offer","outcome":"dismissed","offer":")" + offer_id(at_pay) + "\"");
  CHECK(pay.next("withdraw") == "");
  CHECK(field(other.next("withdraw"), "why") == "dismissed");
}

TEST_CASE("the text is in the page's language, else in the browser's, else in English") {
  World world(kCart);
  Tab tab(world, "t1", "s1");
  std::string expected;
  SECTION("the page's") {
    tab.hello("/", R"(,"language":"fr-CA")");
    expected = "Aide ?";
  }
  SECTION("the browser's") {
    tab.upgrade.accept_language = "fr;q=0.9, de;q=0.1";
    tab.hello("/");
    expected = "Aide ?";
  }
  SECTION("neither is known to the rule") {
    tab.hello("/", R"(,"language":"pl")");
    expected = "Hand?";
  }
  tab.events(R"({"type":"cart","value":90})");
  CHECK(field(tab.next("offer"), "body.text") == expected);
}

TEST_CASE("the life of an offer is recorded: eligible, shown, accepted") {
  World world(kCart);
  Tab tab(world, "t1", "s1");
  tab.hello("/");
  tab.events(R"({"type":"cart","value":90})");
  const std::string offer = offer_id(tab.next("offer"));
  tab.send(R"("type":"offer","outcome":"shown","offer":")" + offer + "\"");
  tab.send(R"("type":"offer","outcome":"shown","offer":")" + offer + "\"");
  tab.send(R"("type":"offer","outcome":"accepted","offer":")" + offer + "\"");
  const auto results = world.results();
  REQUIRE(results.size() == 1);
  CHECK(results[0].eligible == 1);
  CHECK(results[0].shown == 1);
  CHECK(results[0].accepted == 1);
  CHECK(results[0].dismissed == 0);
}

TEST_CASE("control and shadow are recorded as eligible in their group, and show nothing") {
  World world(R"({"rules": [
    {"id": "held", "when": {"cart.value": {"gte": 80}}, "then": {"invite": {"text": "Hi"}}, "holdout": 1},
    {"id": "dark", "when": {"cart.value": {"gte": 80}}, "then": {"invite": {"text": "Hi"}}, "mode": "shadow"}]})");
  Tab tab(world, "t1", "s1");
  tab.hello("/");
  tab.events(R"({"type":"cart","value":90})");
  CHECK(tab.next() == "");
  const auto results = world.results();
  REQUIRE(results.size() == 2);
  CHECK(results[0].rule.text() == "dark");
  CHECK(results[0].shadow == 1);
  CHECK(results[1].control == 1);
  CHECK(results[1].shown == 0);
}

TEST_CASE("an outcome counts only for the visitor's own offer, while it is on screen") {
  World world(kCart);
  Tab mine(world, "t1", "s1"), theirs(world, "t1", "s2");
  mine.hello("/");
  theirs.hello("/");
  CHECK(mine.visitor != theirs.visitor);
  mine.events(R"({"type":"cart","value":90})");
  const std::string offer = offer_id(mine.next("offer"));

  theirs.send(R"("type":"offer","outcome":"accepted","offer":")" + offer + "\"");
  CHECK(field(theirs.next(), "code") == "unknown_offer");
  theirs.send(R"("type":"offer","outcome":"accepted","offer":"o_000000000000000000000x")");
  CHECK(field(theirs.next(), "code") == "unknown_offer");
  mine.send(R"("type":"offer","outcome":"dismissed","offer":")" + offer + "\"");
  CHECK(mine.next() == "");
  mine.send(R"("type":"offer","outcome":"accepted","offer":")" + offer + "\"");
  CHECK(field(mine.next(), "code") == "unknown_offer");
  const auto results = world.results();
  CHECK(results[0].dismissed == 1);
  CHECK(results[0].accepted == 0);
}

TEST_CASE("emits go to the page that the rule fired for, behind its welcome") {
  World world(R"({"rules": [{"id": "tell", "when": {"page.path": "/"}, "then": {"emit": "bell"}}]})");
  Tab tab(world, "t1", "s1");
  tab.hello("/");
  CHECK(field(tab.next(), "name") == "bell");
}

TEST_CASE("an offer that fires on the first page is in the welcome alone") {
  World world(R"({"rules": [{"id": "now", "when": {"page.path": "/"}, "then": {"invite": {"text": "Hi"}}}]})");
  Tab tab(world, "t1", "s1");
  CHECK(field(tab.hello("/"), "offers.0.rule") == "now");
  CHECK(tab.next() == "");
}

TEST_CASE("a new page load of the tab ends what its page showed, and the welcome says so") {
  World world(kCart);
  Tab tab(world, "t1", "s1");
  tab.hello("/");
  tab.events(R"({"type":"cart","value":90})");
  CHECK(tab.next("offer") != "");
  tab.disconnect();
  tab.session = "s2--------------";
  tab.id = 1;
  CHECK(field(tab.hello("/next"), "offers") == "[]");
  CHECK(tab.next() == "");
  CHECK(world.results()[0].ignored == 1);
}

TEST_CASE("an offer that stays for the visit is shown by the tab's next page") {
  World world(R"({"rules": [{
    "id": "cart", "when": {"cart.value": {"gte": 80}}, "then": {"invite": {"text": "Hi"}}, "until": "visit"}]})");
  Tab tab(world, "t1", "s1");
  tab.hello("/");
  tab.events(R"({"type":"cart","value":90})");
  CHECK(tab.next("offer") != "");
  Tab second(world, "t2", "s2");
  second.token = tab.token;
  const std::string welcome = second.hello("/next");
  CHECK(field(welcome, "offers.0.rule") == "cart");
  CHECK(field(welcome, "offers.0.tab") == "t2");
}

TEST_CASE("the same tab connecting again takes the place of its older connection") {
  World world(kCart);
  Tab old(world, "t1", "s1");
  old.hello("/");
  Tab fresh(world, "t1", "s1");
  fresh.token = old.token;
  CHECK(field(fresh.resume("/"), "resumed") == "true");
  CHECK(old.connection->code() == 4504);
  CHECK(fresh.visitor == old.visitor);
}

TEST_CASE("rules that change under way keep what they counted, and new ones begin at once") {
  World world(kCart);
  Tab tab(world, "t1", "s1");
  tab.hello("/");
  tab.events(R"({"type":"cart","value":90})");
  const std::string offer = offer_id(tab.next("offer"));
  tab.send(R"("type":"offer","outcome":"dismissed","offer":")" + offer + "\"");

  world.put_rules(R"({"rules": [
    {"id": "cart", "when": {"cart.value": {"gte": 60}}, "then": {"invite": {"text": "Again"}}},
    {"id": "new", "when": {"page.dwell": {"gte": "20s"}}, "then": {"invite": {"text": "New"}}}]})");
  CHECK(tab.next("offer") == "");  // per_visit 1 is reached
  CHECK(tab.connection->code() == 0);
  world.pass(20s);
  CHECK(field(tab.next("offer"), "rule") == "new");
}

TEST_CASE("an offer whose rule is gone from the reloaded file is taken away") {
  World world(kCart);
  Tab tab(world, "t1", "s1");
  tab.hello("/");
  tab.events(R"({"type":"cart","value":90})");
  CHECK(tab.next("offer") != "");
  world.put_rules(R"({"rules": []})");
  CHECK(field(tab.next("withdraw"), "why") == "replaced");
}

TEST_CASE("queries are filtered before anything sees them") {
  World world(R"({"rules": [{"id": "q", "when": {"page.query.step": "2"}, "then": {"invite": {"text": "Hi"}}}]})");
  Tab tab(world, "t1", "s1");
  const std::string url = "https://shop.example/a?step=2&email=canary%40x&utm_source=ad#frag-canary";
  CHECK(field(tab.hello(url), "offers.0.rule") == "q");
  tab.events(R"({"type":"page","url":"/b?email=canary","referrer":"https://x.example/?s=canary"})");
  for (const std::string& line : world.journal()) CHECK(line.find("canary") == std::string::npos);
  CHECK(world.journal().back().find("\"/b\"") != std::string::npos);
  const std::string known = world.export_of(tab.visitor);
  CHECK(known.find("canary") == std::string::npos);
  CHECK(known.find("utm_source=ad") != std::string::npos);
}

TEST_CASE("a callback is acknowledged when it is kept, and the offer counts as accepted") {
  World world(R"({"rules": [{"id": "call", "when": {"page.path": "/"}, "then": {"call": {"text": "Call", "callback": true}}}]})");
  Tab tab(world, "t1", "s1");
  const std::string offer = field(tab.hello("/"), "offers.0.offer");
  tab.send(R"("type":"callback","phone":"+33 1 23","name":"Zoé","offer":")" + offer + "\"");
  world.pass(20ms);
  CHECK(field(tab.next("ack"), "id") == "2");
  const std::string known = world.export_of(tab.visitor);
  CHECK(known.find("+33 1 23") != std::string::npos);
  CHECK(world.results()[0].accepted == 1);
  SECTION("a second form of the same offer is taken too") {
    tab.send(R"("type":"callback","phone":"+33 4 56","offer":")" + offer + "\"");
    world.pass(20ms);
    CHECK(field(tab.next("ack"), "id") == "3");
  }
  SECTION("of an offer that never was, not") {
    tab.send(R"("type":"callback","phone":"+33 4 56","offer":"o_nothing")");
    CHECK(field(tab.next(), "code") == "unknown_offer");
  }
}

TEST_CASE("the facts of browser, country and language reach the rules") {
  World world(R"({"rules": [{"id": "f", "when": {"visitor.device": "mobile", "visitor.browser": "safari", "visitor.os": "ios",
    "visitor.country": "FR", "visitor.language": "fr"}, "then": {"invite": {"text": "Hi"}}}]})");
  Tab tab(world, "t1", "s1");
  tab.upgrade.country = "FR";
  tab.upgrade.accept_language = "fr,en;q=0.5";
  tab.upgrade.user_agent =
      "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4.1 "
      "Mobile/15E148 Safari/604.1";
  CHECK(field(tab.hello("/"), "offers.0.rule") == "f");
}
