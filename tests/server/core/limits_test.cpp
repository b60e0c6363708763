#include <catch2/catch.hpp>

#include "world.hpp"

using namespace beckon;
using namespace beckon::test;

namespace {

constexpr std::string_view kNone = R"({"rules": []})";

core::ShardLimits limits(auto change) {
  core::ShardLimits limits;
  change(limits);
  return limits;
}

}  // namespace

TEST_CASE("500 messages a second from one visitor are throttled, and nobody else notices") {
  World world(kNone);
  Tab loud(world, "t1", "s1"), quiet(world, "t1", "s2");
  loud.hello("/");
  quiet.hello("/");
  for (int i = 0; i < 500 && loud.connection->code() == 0; ++i) {
    loud.events(R"({"type":"activity"})");
    world.pass(2ms);
  }
  CHECK(loud.connection->code() == 4003);
  CHECK(world.counters().throttled == 1);
  quiet.events(R"({"type":"activity"})");
  world.pass(20ms);
  CHECK(quiet.next("ack") != "");
}

TEST_CASE("a frame full of events counts for more than one") {
  World world(kNone);
  Tab tab(world, "t1", "s1");
  tab.hello("/");
  std::string many = R"({"type":"activity"})";
  for (int i = 0; i < 49; ++i) many += R"(,{"type":"activity"})";
  int frames = 0;
  for (; frames < 200 && tab.connection->code() == 0; ++frames) tab.events(many);
  CHECK(frames < 40);
  CHECK(tab.connection->code() == 4003);
}

TEST_CASE("a steady pace within the limits is never throttled") {
  World world(kNone);
  Tab tab(world, "t1", "s1");
  tab.hello("/");
  for (int i = 0; i < 1'000; ++i) {
    tab.events(R"({"type":"activity"})");
    world.pass(25ms);
  }
  CHECK(tab.connection->code() == 0);
}

TEST_CASE("bytes are throttled too") {
  World world(kNone);
  Tab tab(world, "t1", "s1");
  tab.hello("/");
  const std::string padded = R"({"type":"activity"})" + std::string(60'000, ' ');
  for (int i = 0; i < 12 && tab.connection->code() == 0; ++i) tab.events(padded);
  CHECK(tab.connection->code() == 4003);
}

TEST_CASE("frames of a hello that never comes are throttled as well") {
  World world(kNone);
  Tab tab(world, "t1", "s1");
  tab.connect();
  tab.raw(R"({"type":"events","id":1,"events":[{"type":"activity"}]})");
  CHECK(tab.connection->code() == 4501);
}

TEST_CASE("connections of one address are bounded, and room comes back when they go") {
  World world(kNone, limits([](auto& l) { l.connections_per_address = 3; }));
  std::vector<std::unique_ptr<Tab>> tabs;
  for (int i = 0; i < 4; ++i) {
    tabs.push_back(std::make_unique<Tab>(world, "t" + std::to_string(i), "s" + std::to_string(i)));
    tabs.back()->upgrade.address = "203.0.113.9";
    tabs.back()->connect();
    CHECK(tabs.back()->connection->code() == (i < 3 ? 0 : 4003));
  }
  Tab elsewhere(world, "t9", "s9");
  elsewhere.upgrade.address = "203.0.113.10";
  elsewhere.hello("/");
  CHECK(elsewhere.connection->code() == 0);
  tabs[0]->disconnect();
  tabs[3]->connect();
  CHECK(tabs[3]->connection->code() == 0);
}

TEST_CASE("connections of one visitor are bounded") {
  World world(kNone, limits([](auto& l) { l.connections_per_visitor = 2; }));
  Tab a(world, "a", "sa"), b(world, "b", "sb"), c(world, "c", "sc");
  a.hello("/");
  b.token = c.token = a.token;
  b.hello("/");
  c.hello("/");
  CHECK(b.connection->code() == 0);
  CHECK(c.connection->code() == 4003);
}

TEST_CASE("visitors in memory are bounded, and leave it when their visit is over") {
  World world(kNone, limits([](auto& l) { l.visitors = 2; }));
  Tab a(world, "a", "sa"), b(world, "b", "sb"), c(world, "c", "sc");
  a.hello("/");
  b.hello("/");
  c.hello("/");
  CHECK(c.connection->code() == 4003);
  a.disconnect();
  world.pass(29min + 59s);
  CHECK(world.counters().visitors == 2);
  world.pass(32s);
  CHECK(world.counters().visitors == 1);
  c.hello("/");
  CHECK(c.connection->code() == 0);
}

TEST_CASE("a visitor's page loads are remembered up to a bound") {
  World world(kNone);
  Tab tab(world, "t", "s0");
  tab.hello("/");
  for (int i = 1; i < 100; ++i) {
    tab.disconnect();
    tab.session = "session-" + std::to_string(1'000 + i) + "-----";
    tab.id = 1;
    tab.hello("/" + std::to_string(i));
    world.pass(1s);
  }
  CHECK(world.counters().visitors == 1);
  CHECK(world.export_of(tab.visitor).find("session-1001-") == std::string::npos);
  CHECK(tab.connection->code() == 0);
}

TEST_CASE("a visitor with more tabs than the rules look at keeps the latest") {
  World world(kNone, limits([](auto& l) { l.connections_per_visitor = 0; }));
  std::vector<std::unique_ptr<Tab>> tabs;
  for (int i = 0; i < 40; ++i) {
    tabs.push_back(std::make_unique<Tab>(world, "t" + std::to_string(i), "s" + std::to_string(i)));
    if (i > 0) tabs.back()->token = tabs.front()->token;
    tabs.back()->hello("/");
    world.pass(1s);
  }
  for (const auto& tab : tabs) CHECK(tab->connection->code() == 0);
  CHECK(world.counters().visitors == 1);
}

TEST_CASE("a site that is not served, or no more, is forbidden") {
  World world(kNone);
  Tab stranger(world, "t", "s");
  stranger.upgrade.site = base::SiteId("other");
  stranger.connect();
  CHECK(stranger.connection->code() == 4503);
  Tab tab(world, "t", "s2");
  tab.hello("/");
  world.shard().remove_site(base::SiteId("shop"));
  CHECK(tab.connection->code() == 4503);
}

TEST_CASE("nobody is let in during a stop, and whoever is there is told to come back") {
  World world(kNone);
  Tab tab(world, "t", "s"), late(world, "t", "s2");
  tab.hello("/");
  bool done = false;
  world.shard().stop([&] { done = true; });
  CHECK(tab.connection->code() == 4000);
  late.connect();
  CHECK(late.connection->code() == 4000);
  CHECK_FALSE(done);
  world.pump();
  CHECK(done);
}
