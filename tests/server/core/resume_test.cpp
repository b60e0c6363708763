#include <algorithm>
#include <catch2/catch.hpp>

#include "world.hpp"

using namespace beckon;
using namespace beckon::test;

namespace {

constexpr std::string_view kThird = R"({"rules": [{
  "id": "third", "when": {"event": "click", "count": {"gte": 3}}, "then": {"invite": {"text": "Hi"}}}]})";
constexpr std::string_view kDwell = R"({"rules": [{
  "id": "stay", "when": {"page.dwell": {"gte": "45s"}}, "then": {"invite": {"text": "Hi"}}}]})";

std::size_t count(const std::vector<std::string>& lines, std::string_view part) {
  return static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), [&](const std::string& line) {
    return line.find(part) != std::string::npos;
  }));
}

}  // namespace

TEST_CASE("a frame that is sent again is acknowledged and applied once") {
  World world(kThird);
  Tab tab(world, "t1", "s1");
  tab.hello("/");
  const std::string click = R"({"type":"events","id":5,"events":[{"type":"event","name":"click"}]})";
  for (int i = 0; i < 3; ++i) tab.raw(click);
  world.pass(20ms);
  CHECK(tab.next("offer") == "");
  CHECK(count(world.journal(), R"("name":"click")") == 1);
  CHECK(world.counters().duplicate_frames == 2);
}

TEST_CASE("after a reconnect the client learns what arrived, sends the rest, and nothing is lost or doubled") {
  World world(kThird);
  Tab tab(world, "t1", "s1");
  tab.hello("/");
  tab.raw(R"({"type":"events","id":2,"events":[{"type":"event","name":"click"}]})");
  tab.raw(R"({"type":"events","id":3,"events":[{"type":"event","name":"click"}]})");
  tab.disconnect();
  world.pass(5s);
  CHECK(field(tab.resume("/"), "last") == "3");
  tab.raw(R"({"type":"events","id":3,"events":[{"type":"event","name":"click"}]})");
  CHECK(tab.next("offer") == "");
  tab.raw(R"({"type":"events","id":4,"events":[{"type":"event","name":"click"}]})");
  CHECK(field(tab.next("offer"), "rule") == "third");
}

TEST_CASE("what arrived is known even when the page was left meanwhile") {
  World world(kThird);
  Tab tab(world, "t1", "s1");
  tab.hello("/");
  tab.raw(R"({"type":"events","id":9,"events":[{"type":"event","name":"click"}]})");
  tab.disconnect();
  world.pass(5min);
  const std::string welcome = tab.resume("/");
  CHECK(field(welcome, "last") == "9");
  CHECK(field(welcome, "resumed") == "false");
}

TEST_CASE("each page load counts its own frames") {
  World world(kThird);
  Tab tab(world, "t1", "s1");
  tab.hello("/");
  tab.raw(R"({"type":"events","id":9,"events":[{"type":"activity"}]})");
  tab.disconnect();
  tab.session = "s2--------------";
  CHECK(field(tab.hello("/b"), "last") == "0");
  tab.disconnect();
  tab.session = "s1--------------";  // back, from the browser's cache of pages
  const std::string welcome = tab.resume("/");
  CHECK(field(welcome, "last") == "9");
  CHECK(field(welcome, "resumed") == "false");
}

TEST_CASE("acknowledgements are cumulative: a burst of frames gets one") {
  World world(kThird);
  Tab tab(world, "t1", "s1");
  tab.hello("/");
  for (int i = 0; i < 5; ++i) tab.events(R"({"type":"activity"})");
  world.pass(20ms);
  REQUIRE(tab.connection->frames.size() == 1);
  CHECK(tab.connection->take() == R"({"type":"ack","id":6})");
}

TEST_CASE("each connection is acknowledged in its own time: those of many do not come at once") {
  World world(kThird);
  Tab early(world, "t1", "s1"), late(world, "t2", "s2");
  for (Tab* tab : {&early, &late}) tab->hello("/");
  early.events(R"({"type":"activity"})");
  world.pass(10ms);
  late.events(R"({"type":"activity"})");
  world.pass(9ms);
  CHECK(early.connection->frames.empty());
  world.pass(1ms);
  CHECK(early.connection->take() == R"({"type":"ack","id":2})");
  world.pass(9ms);
  CHECK(late.connection->frames.empty());
  world.pass(1ms);
  CHECK(late.connection->take() == R"({"type":"ack","id":2})");
}

TEST_CASE("an acknowledgement takes those along that would be due within 4 ms") {
  World world(kThird);
  Tab first(world, "t1", "s1"), second(world, "t2", "s2"), third(world, "t3", "s3");
  for (Tab* tab : {&first, &second, &third}) tab->hello("/");
  first.events(R"({"type":"activity"})");
  world.pass(4ms);
  second.events(R"({"type":"activity"})");
  world.pass(1ms);
  third.events(R"({"type":"activity"})");
  world.pass(15ms);
  CHECK(first.connection->take() == R"({"type":"ack","id":2})");
  CHECK(second.connection->take() == R"({"type":"ack","id":2})");
  CHECK(third.connection->frames.empty());
  world.pass(5ms);
  CHECK(third.connection->take() == R"({"type":"ack","id":2})");
}

TEST_CASE("of many acknowledgements due at once four go before whatever has come meanwhile") {
  World world(kThird);
  std::deque<Tab> tabs;
  for (int i = 0; i < 10; ++i) {
    tabs.emplace_back(world, "t" + std::to_string(i), "s" + std::to_string(i)).hello("/");
    tabs.back().events(R"({"type":"activity"})");
  }
  const auto acknowledged = [&] {
    return std::count_if(tabs.begin(), tabs.end(), [](const Tab& tab) { return !tab.connection->frames.empty(); });
  };
  world.store_answers = false;  // what is posted waits
  world.pass(20ms);
  CHECK(acknowledged() == 4);
  world.step();
  CHECK(acknowledged() == 8);
  world.step();
  CHECK(acknowledged() == 10);
}

TEST_CASE("a restart within a visit goes on with it: page, dwell, frames and offer") {
  World world(kDwell);
  Tab tab(world, "t1", "s1");
  tab.hello("/a");
  tab.raw(R"({"type":"events","id":7,"events":[{"type":"cart","value":50}]})");
  world.pass(30s);
  const std::string visitor = tab.visitor;
  world.restart();
  CHECK(tab.connection->code() == 4000);
  world.pass(5s);
  const std::string welcome = tab.resume("/a");
  CHECK(field(welcome, "resumed") == "true");
  CHECK(field(welcome, "last") == "7");
  CHECK(tab.visitor == visitor);
  world.pass(9'999ms);
  CHECK(tab.next("offer") == "");
  world.pass(1ms);
  const std::string offer = field(tab.next("offer"), "offer");
  CHECK(offer != "not JSON");

  world.restart();
  const std::string again = tab.resume("/a");
  CHECK(field(again, "offers.0.offer") == offer);
  CHECK(field(again, "offers.0.body.text") == "Hi");
  tab.id = 20;
  tab.send(R"("type":"offer","outcome":"accepted","offer":")" + offer + "\"");
  CHECK(tab.next() == "");
  CHECK(world.results()[0].accepted == 1);
  CHECK(world.results()[0].eligible == 1);
}

TEST_CASE("a page whose tab comes back long after a restart was left when the server stopped") {
  World world(kDwell);
  Tab tab(world, "t1", "s1");
  tab.hello("/a");
  world.pass(30s);
  world.restart();
  world.pass(10min);
  CHECK(field(tab.resume("/a"), "resumed") == "false");
  CHECK(tab.next() == "");
  world.pass(44'999ms);
  CHECK(tab.next("offer") == "");
  world.pass(1ms);
  CHECK(field(tab.next("offer"), "rule") == "stay");
  CHECK(world.results()[0].eligible == 1);
}

TEST_CASE("a crash loses no visitor: the token is good, and the visit goes on from the last record") {
  World world(R"({"rules": [{"id": "back", "when": {"visit.pages": {"gte": 2}}, "then": {"invite": {"text": "Hi"}}}]})");
  Tab tab(world, "t1", "s1");
  tab.hello("/a");
  world.pass(10s);
  const std::string visitor = tab.visitor;
  world.crash();
  tab.session = "s2--------------";
  const std::string welcome = tab.hello("/b");
  CHECK(tab.visitor == visitor);
  CHECK(field(welcome, "offers.0.rule") == "back");
}

TEST_CASE("a visitor who comes back another day returns") {
  World world(R"({"rules": [{"id": "again", "when": {"visitor.returning": true}, "then": {"invite": {"text": "Hi"}}}]})");
  Tab tab(world, "t1", "s1");
  CHECK(field(tab.hello("/"), "offers") == "[]");
  tab.disconnect();
  world.pass(24h);
  CHECK(world.counters().visitors == 0);
  tab.session = "s2--------------";
  CHECK(field(tab.hello("/"), "offers.0.rule") == "again");
}

TEST_CASE("a loaded visitor's record stands in the journal, and a gap where it begins") {
  World world(kDwell);
  Tab tab(world, "t1", "s1");
  tab.hello("/a");
  world.pass(1ms);
  world.restart(1ms);
  tab.resume("/a");
  const std::vector<std::string> lines = world.journal();
  std::vector<std::string> types;
  for (const std::string& line : lines) types.push_back(field(line, "type"));
  CHECK(types == std::vector<std::string>{"gap", "rules", "operators", "page", "gap", "gap", "rules", "operators", "visitor"});
  CHECK(field(lines.back(), "visitor") == tab.visitor);
}

TEST_CASE("frames sent before the visitor's record is read wait for it, within their bound") {
  World world(kThird);
  Tab tab(world, "t1", "s1");
  tab.hello("/");
  world.restart();
  tab.connect();
  const std::string hello = R"({"type":"hello","site":"shop","tab":"t1","session":"s1--------------","resume":true,"token":")" +
                            tab.token + R"(","page":{"url":"/"}})";
  world.shard().receive(*tab.link, hello);
  CHECK(world.counters().visitors_loading == 1);
  SECTION("in order") {
    for (int i = 2; i < 5; ++i) {
      world.shard().receive(*tab.link, R"({"type":"events","id":)" + std::to_string(i) +
                                           R"(,"events":[{"type":"event","name":"click"}]})");
    }
    world.pump();
    CHECK(field(tab.connection->take(), "type") == "welcome");
    CHECK(field(tab.next(), "rule") == "third");
  }
  SECTION("too many") {
    for (std::size_t i = 0; i < core::kMaxPendingFrames; ++i) world.shard().receive(*tab.link, "{}");
    CHECK(tab.connection->code() == 4003);
    world.pump();
    CHECK(tab.connection->frames.empty());
  }
  SECTION("the connection goes before the record comes") {
    tab.disconnect();
    world.pump();
    CHECK(world.counters().visitors == 0);
  }
  SECTION("the record never comes") {
    world.clock.advance(core::kLoadWithin);
    world.shard().run_due();
    CHECK(tab.connection->code() == 4004);
  }
}

TEST_CASE("a token that is cut, flipped, of another site or for another shard gives a new identity, without a hint") {
  World world(kThird);
  Tab tab(world, "t1", "s1");
  tab.hello("/");
  const std::string visitor = tab.visitor, token = tab.token;
  Tab thief(world, "t9", "s9");
  SECTION("cut") { thief.token = token.substr(0, token.size() - 1); }
  SECTION("flipped") {
    thief.token = token;
    char& last = thief.token[thief.token.size() - 5];
    last = last == 'A' ? 'B' : 'A';
  }
  SECTION("another visitor's name on it") {
    thief.token = token;
    thief.token[5] = thief.token[5] == 'A' ? 'B' : 'A';
  }
  SECTION("nonsense") { thief.token = "..."; }
  SECTION("a year later") {
    thief.token = token;
    tab.disconnect();
    world.pass(std::chrono::days(366));
  }
  const std::string welcome = thief.hello("/");
  CHECK(field(welcome, "type") == "welcome");
  CHECK(thief.visitor != visitor);
  CHECK(thief.connection->code() == 0);
  CHECK(world.counters().reidentified == 1);
}
