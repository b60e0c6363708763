#include <catch2/catch.hpp>

#include "world.hpp"

using namespace beckon;
using namespace beckon::test;

namespace {

std::shared_ptr<core::SiteSettings> strict_site(std::string_view rules) {
  auto site = site_settings(rules);
  site->consent = core::ConsentMode::kRequired;
  return site;
}

constexpr std::string_view kRules = R"({"rules": [
  {"id": "cart", "when": {"cart.value": {"gte": 80}}, "then": {"invite": {"text": "Hi"}}},
  {"id": "known", "when": {"cart.value": {"gte": 10}}, "then": {"tag": "seen"}, "needs": {"consent": true}}]})";

std::size_t visitor_lines(World& world) {
  std::size_t count = 0;
  for (const std::string& line : world.journal()) count += field(line, "visitor") != "absent";
  return count;
}

}  // namespace

TEST_CASE("without consent rules work on this page load, and nothing is written") {
  World world(strict_site(kRules));
  Tab tab(world, "t1", "s1");
  const std::string welcome = tab.hello("/");
  CHECK(field(welcome, "token") == "absent");
  CHECK(field(welcome, "consent") == "null");
  CHECK(field(welcome, "tracking") == "true");
  tab.events(R"({"type":"cart","value":90})");
  CHECK(field(tab.next("offer"), "rule") == "cart");
  world.pass(2min);
  tab.disconnect();
  world.pass(1h);
  CHECK(visitor_lines(world) == 0);
  CHECK(world.results().empty());
  CHECK(world.export_of(tab.visitor) == "not_found");
  CHECK(world.counters().visitors == 0);
}

TEST_CASE("without consent a reconnect of the page load finds its visitor, a new page load is somebody new") {
  World world(strict_site(kRules));
  Tab tab(world, "t1", "s1");
  tab.hello("/");
  const std::string visitor = tab.visitor;
  tab.disconnect();
  world.pass(10s);
  CHECK(field(tab.resume("/"), "resumed") == "true");
  CHECK(tab.visitor == visitor);
  tab.disconnect();
  tab.session = "s2--------------";
  tab.hello("/b");
  CHECK(tab.visitor != visitor);
}

TEST_CASE("another page load cannot take over a session by its tab's name, nor by the session alone") {
  World world(strict_site(kRules));
  Tab tab(world, "t1", "s1"), other(world, "t1", "s2"), third(world, "t2", "s1");
  tab.hello("/");
  other.resume("/");
  third.resume("/");
  CHECK(other.visitor != tab.visitor);
  CHECK(third.visitor != tab.visitor);
}

TEST_CASE("consent given later keeps what the page load knows, and makes a stored visitor of it") {
  World world(strict_site(kRules));
  Tab tab(world, "t1", "s1");
  tab.hello("/");
  tab.events(R"({"type":"cart","value":90})");
  CHECK(tab.next("offer") != "");
  tab.send(R"("type":"consent","value":true)");
  const std::string welcome = tab.next("welcome");
  CHECK(field(welcome, "visitor") == tab.visitor);
  CHECK(field(welcome, "consent") == "true");
  CHECK(field(welcome, "token") != "absent");
  CHECK(field(welcome, "offers.0.rule") == "cart");
  const std::vector<std::string> journal = world.journal();
  CHECK(field(journal[journal.size() - 2], "type") == "visitor");
  CHECK(field(journal.back(), "type") == "consent");
  const std::string known = world.export_of(tab.visitor);
  CHECK(known.find(R"("rule":"known","verdict":"fire")") != std::string::npos);

  tab.token = field(welcome, "token");
  tab.disconnect();
  world.restart();
  const std::string visitor = tab.visitor;
  tab.hello("/next");
  CHECK(tab.visitor == visitor);
}

TEST_CASE("consent said in the hello makes a stored visitor at once") {
  World world(strict_site(kRules));
  Tab tab(world, "t1", "s1");
  const std::string welcome = tab.hello("/", R"(,"consent":true)");
  CHECK(field(welcome, "token") != "absent");
  CHECK(field(welcome, "consent") == "true");
  CHECK(visitor_lines(world) == 2);
}

TEST_CASE("a visitor who consented before need not say it again") {
  World world(strict_site(kRules));
  Tab tab(world, "t1", "s1");
  tab.hello("/", R"(,"consent":true)");
  const std::string visitor = tab.visitor;
  tab.disconnect();
  world.restart();
  CHECK(field(tab.hello("/"), "consent") == "true");
  CHECK(tab.visitor == visitor);
}

TEST_CASE("a refusal erases: memory, record, journal, decisions and offers") {
  World world(kRules);
  Tab tab(world, "t1", "s1"), other(world, "t2", "s2");
  tab.hello("/canary-page");
  other.token = tab.token;
  other.hello("/canary-page-2");
  tab.events(R"({"type":"cart","value":90})");
  CHECK(tab.next("offer") != "");
  const std::string visitor = tab.visitor;
  CHECK(world.export_of(visitor).find("canary-page") != std::string::npos);

  tab.send(R"("type":"consent","value":false)");
  CHECK(tab.next("withdraw") != "");
  const std::string welcome = tab.next("welcome");
  CHECK(field(welcome, "tracking") == "false");
  CHECK(field(welcome, "consent") == "false");
  CHECK(field(welcome, "token") == "absent");
  CHECK(field(welcome, "visitor") != visitor);
  CHECK(field(other.next("welcome"), "tracking") == "false");
  world.pass(20ms);
  CHECK(field(tab.next("ack"), "id") == "3");
  CHECK(world.export_of(visitor) == "not_found");

  CHECK(world.counters().visitors_online == 1);
  // Nothing that comes now is looked at.
  tab.events(R"({"type":"cart","value":90},{"type":"page","url":"/canary-3"})");
  world.pass(2min);
  CHECK(tab.next("offer") == "");
  for (const std::string& line : world.journal()) CHECK(line.find("canary") == std::string::npos);
  CHECK(world.export_of(field(welcome, "visitor")) == "not_found");

  SECTION("a token kept nevertheless leads to nobody") {
    Tab thief(world, "t3", "s3");
    thief.token = tab.token;
    thief.hello("/");
    CHECK(thief.visitor != visitor);
  }
  SECTION("a yes after the no begins as somebody new, on the page that is shown") {
    tab.send(R"("type":"consent","value":true)");
    const std::string again = tab.next("welcome");
    CHECK(field(again, "tracking") == "true");
    CHECK(field(again, "token") != "absent");
    CHECK(field(again, "visitor") != visitor);
    CHECK(world.export_of(field(again, "visitor")).find("/canary-3") != std::string::npos);
    CHECK(field(other.next("welcome"), "tracking") == "true");
  }
}

TEST_CASE("Sec-GPC and a refusal in the hello track nothing, whatever the site's ground and the page say") {
  World world(kRules);
  Tab tab(world, "t1", "s1");
  std::string more;
  SECTION("Sec-GPC or DNT") {
    tab.upgrade.privacy = core::PrivacySignal::kRefuses;
    more = R"(,"consent":true)";
  }
  SECTION("consent false") { more = R"(,"consent":false)"; }
  const std::string welcome = tab.hello("/", more);
  CHECK(field(welcome, "tracking") == "false");
  CHECK(field(welcome, "consent") == "false");
  CHECK(field(welcome, "token") == "absent");
  tab.events(R"({"type":"cart","value":90})");
  CHECK(tab.next("offer") == "");
  if (tab.upgrade.privacy == core::PrivacySignal::kRefuses) {
    tab.send(R"("type":"consent","value":true)");
    CHECK(tab.next("welcome") == "");
  }
  world.pass(1min);
  CHECK(visitor_lines(world) == 0);
}

TEST_CASE("a frame's answer that waits for an erasure survives the change of visitor") {
  World world(kRules);
  Tab tab(world, "t1", "s1");
  tab.hello("/");
  world.shard().receive(*tab.link, R"({"type":"consent","id":2,"value":false})");
  world.shard().receive(*tab.link, R"({"type":"events","id":3,"events":[{"type":"activity"}]})");
  // The store has not answered yet: nothing from the consent frame on is acknowledged.
  world.clock.advance(20ms);
  world.shard().run_due();
  CHECK(field(tab.next("ack"), "id") == "1");
  world.pass(20ms);
  world.pump();
  world.pass(20ms);
  CHECK(field(tab.next("ack"), "id") == "3");
}
