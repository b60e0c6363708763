#include <catch2/catch.hpp>

#include "world.hpp"

using namespace beckon;
using namespace beckon::test;

namespace {

constexpr std::string_view kDwell = R"({"rules": [{
  "id": "stay", "when": {"page.dwell": {"gte": "45s"}}, "then": {"invite": {"text": "Hi"}}}]})";

}  // namespace

TEST_CASE("an invitation by dwell time comes at 45.000 s and not at 44.999 s") {
  World world(kDwell);
  Tab tab(world, "t1", "s1");
  tab.hello("https://shop.example/a");
  world.pass(44'999ms);
  CHECK(tab.next("offer") == "");
  world.pass(1ms);
  const std::string offer = tab.next("offer");
  CHECK(field(offer, "rule") == "stay");
  CHECK(field(offer, "kind") == "invite");
  CHECK(field(offer, "tab") == "t1");
  CHECK(field(offer, "body.text") == "Hi");
  CHECK(field(offer, "offer").substr(0, 2) == "o_");
}

TEST_CASE("a page left at 44.999 s gets nothing") {
  World world(kDwell);
  Tab tab(world, "t1", "s1");
  tab.hello("/a");
  world.pass(44'999ms);
  tab.events(R"({"type":"leave"})");
  world.pass(1min);
  CHECK(tab.next("offer") == "");
}

TEST_CASE("an event at the instant of a deadline comes behind it") {
  World world(kDwell);
  Tab tab(world, "t1", "s1");
  tab.hello("/a");
  world.clock.advance(45'000ms);
  tab.events(R"({"type":"page","url":"/b"})");
  CHECK(field(tab.next("offer"), "rule") == "stay");
  CHECK(field(tab.next("withdraw"), "why") == "ignored");
}

TEST_CASE("a shard whose host was late passes deadlines at their own instants") {
  World world(R"({"rules": [
    {"id": "first", "when": {"page.dwell": {"gte": "10s"}}, "then": {"invite": {"text": "1"}}, "until": "5s"},
    {"id": "second", "when": {"page.dwell": {"gte": "12s"}}, "then": {"invite": {"text": "2"}}}]})");
  Tab tab(world, "t1", "s1");
  tab.hello("/a");
  world.clock.advance(60s);
  world.shard().run_due();
  CHECK(field(tab.next("offer"), "rule") == "first");
  CHECK(field(tab.next("withdraw"), "why") == "ignored");
  CHECK(field(tab.next("offer"), "rule") == "second");
  const std::string known = world.export_of(tab.visitor);
  CHECK(known.find("\"second\"") != std::string::npos);
  CHECK(world.counters().deadline_late_max_ms >= 45'000);
}

TEST_CASE("a connection that is gone for 30 s is a leave, journaled at that moment; at 29.999 s it is none") {
  World world(kDwell);
  Tab tab(world, "t1", "s1");
  tab.hello("/a");
  tab.disconnect();
  world.pass(29'990ms);
  CHECK(world.counters().leaves_by_timeout == 0);
  world.pass(20ms);
  CHECK(world.counters().leaves_by_timeout == 1);
  const std::vector<std::string> journal = world.journal();
  CHECK(field(journal.back(), "type") == "leave");
  CHECK(field(journal.back(), "t") == std::to_string(1'800'000'000'000 + 30'000));
}

TEST_CASE("a tab that comes back within 30 s goes on where it was") {
  World world(kDwell);
  Tab tab(world, "t1", "s1");
  tab.hello("/a");
  world.pass(30s);
  tab.disconnect();
  world.pass(10s);
  CHECK(field(tab.resume("/a"), "resumed") == "true");
  world.pass(4'999ms);
  CHECK(tab.next("offer") == "");
  world.pass(1ms);
  CHECK(field(tab.next("offer"), "rule") == "stay");
}

TEST_CASE("a tab that comes back later starts its page anew") {
  World world(kDwell);
  Tab tab(world, "t1", "s1");
  tab.hello("/a");
  world.pass(10s);
  tab.disconnect();
  world.pass(31s);
  CHECK(field(tab.resume("/a"), "resumed") == "false");
  world.pass(44'999ms);
  CHECK(tab.next("offer") == "");
  world.pass(1ms);
  CHECK(field(tab.next("offer"), "rule") == "stay");
}

TEST_CASE("an offer that fired while the connection was gone is in the welcome") {
  World world(kDwell);
  Tab tab(world, "t1", "s1");
  tab.hello("/a");
  world.pass(40s);
  tab.disconnect();
  world.pass(10s);
  const std::string welcome = tab.resume("/a");
  CHECK(field(welcome, "offers.0.rule") == "stay");
  CHECK(field(welcome, "offers.0.tab") == "t1");
  tab.send(R"("type":"offer","outcome":"shown","offer":")" + field(welcome, "offers.0.offer") + "\"");
  CHECK(tab.next() == "");
  CHECK(world.results()[0].shown == 1);
}

TEST_CASE("pings go out every 25 s, and a pong that is 8 s late closes the connection") {
  World world(kDwell);
  Tab tab(world, "t1", "s1");
  tab.answers_pings = false;
  tab.hello("/a");
  world.pass(24'999ms);
  CHECK(tab.connection->pings == 0);
  world.pass(1ms);
  CHECK(tab.connection->pings == 1);
  world.pass(7s);
  world.shard().pong(*tab.link);
  world.pass(24'999ms);
  CHECK(tab.connection->pings == 1);
  world.pass(1ms);
  CHECK(tab.connection->pings == 2);
  world.pass(7'999ms);
  CHECK(tab.connection->code() == 0);
  world.pass(1ms);
  CHECK(tab.connection->code() == 4002);
}

TEST_CASE("a host that was late does not take its visitors for dead") {
  World world(kDwell);
  Tab tab(world, "t1", "s1");
  tab.hello("/a");
  world.clock.advance(2min);
  world.shard().run_due();
  CHECK(tab.connection->code() == 0);
}

TEST_CASE("a connection that says no hello within 10 s is closed") {
  World world(kDwell);
  Tab tab(world, "t1", "s1");
  tab.connect();
  world.pass(9'999ms);
  CHECK(tab.connection->code() == 0);
  world.pass(1ms);
  CHECK(tab.connection->code() == 4501);
}

TEST_CASE("nothing is due while nothing can happen") {
  World world(R"({"rules": []})");
  CHECK(world.shard().next_deadline() != base::kNever);  // the batch of the announcement
  world.pass(2s);
  CHECK(world.shard().next_deadline() == base::kNever);
}
